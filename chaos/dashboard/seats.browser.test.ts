import { platform } from 'node:process'

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openSeatsHost } from '#chaos/workshop/testing/open-seats.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'

let browser: Browser

describe.skipIf(skipWithoutBrowser || platform !== 'linux')(
  'seats (skipped without Chromium)',
  () => {
    beforeAll(async () => {
      browser = await launchBrowser()
    })
    afterAll(async () => browser?.close())

    test('a learner joins with the form, waits for the seat, and is in the own dashboard', async () => {
      await using open = await openSeatsHost()
      await using context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(open.url)
      await page.getByLabel('Your name').fill('Ada')
      await page.getByLabel('Code').fill(open.host.code)
      await page.getByRole('button', { name: 'Join' }).click()
      await page.waitForSelector('html[data-seat="1"]')
      expect(page.url()).toBe(`${open.url}/seats/1/`)
      const keys = await page.evaluate<string[]>('Object.keys(localStorage)')
      expect(keys).toContain('unhappy-page-key /seats/1/')
      const cookies = await context.cookies(`${open.url}/seats/1/`)
      expect(cookies).toMatchObject([{ path: '/seats/1/', httpOnly: true, sameSite: 'Strict' }])
      expect(await context.cookies(`${open.url}/seats/2/`)).toEqual([])
    })

    test('the instructor looks into a seat from the panel', async () => {
      await using open = await openSeatsHost()
      await using learner = await browser.newContext()
      const joining = await learner.newPage()
      await joining.goto(open.url)
      await joining.getByLabel('Your name').fill('Ada')
      await joining.getByLabel('Code').fill(open.host.code)
      await joining.getByRole('button', { name: 'Join' }).click()
      await joining.waitForSelector('html[data-seat="1"]')
      await using context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(open.host.instructorUrl)
      const opening = context.waitForEvent('page')
      await page.getByRole('button', { name: 'Look into the seat of Ada' }).click()
      const seat = await opening
      await seat.waitForSelector('html[data-seat="1"]')
      await expect
        .poll(async () => await seat.getByRole('status', { name: 'Seat' }).textContent())
        .toContain('The seat of Ada')
    })
  },
)
