import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'
import { servePage } from './testing/serve-page.ts'

const address = 'postgres://shop@postgres:5432/shop?options=-c%20lock_timeout=5s'

const view = {
  state: 'running',
  seed: 7,
  incidents: 4,
  closed: [],
  places: ['api-1', 'api:postgres'],
  causes: [],
  open: {
    number: 1,
    state: 'open',
    openForMs: 125_900,
    shortestMs: 60_000,
    limitMs: 360_000,
    answers: null,
    actions: [],
  },
}

describe.skipIf(skipWithoutBrowser)('the game day panel (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  test('a setting is sent with its whole value, and a stop that fails says why', async () => {
    await using server = await servePage()
    const page = await browser.newPage()
    const actions: unknown[] = []
    await page.route('**/api/gameday', async (route) =>
      route.request().method() === 'GET'
        ? route.fulfill({ json: view })
        : route.fulfill({ status: 409, json: { error: 'It ends already.', status: 409 } }),
    )
    await page.route('**/api/gameday/actions', async (route) => {
      actions.push(route.request().postDataJSON())
      await route.fulfill({ json: {} })
    })
    await page.goto(server.secretUrl())
    const panel = page.getByTestId('gameday')
    expect(await panel.getByLabel('Time since the incident opened').textContent()).toBe('2:06')
    await panel.getByTestId('action').selectOption('set')
    await panel.getByTestId('action-target').selectOption('api-1')
    await panel.getByLabel('NAME=value').fill(`DATABASE_URL=${address}`)
    await panel.getByTestId('act').click()
    await expect
      .poll(() => actions)
      .toEqual([{ action: 'set', target: 'api-1', settings: { DATABASE_URL: address } }])

    await panel.getByRole('button', { name: 'Stop', exact: true }).click()
    await panel.getByText('It ends already.').waitFor()
    expect(await pageViolations(page)).toEqual([])
    await page.close()
  })
})
