import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Push, Report } from '#chaos/contracts/workshop.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { startHost } from '#chaos/workshop/host/start-host.ts'
import type { RunningHost } from '#chaos/workshop/host/start-host.ts'
import { joinHost, sendReports, streamPushes } from '#chaos/workshop/member/host.ts'
import { simulateLearners } from '#chaos/workshop/testing/simulate-learners.ts'
import { labs } from '#labs/index.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'

const lab = 'dual-write'
const markup = '<b onclick="alert(1)">Ada</b>'
/** How long a change may take to a page that is open. */
const live = { timeout: 1_000, interval: 20 }

interface Workshop {
  readonly host: RunningHost
  readonly url: string
  readonly instructor: Page
  readonly projector: Page
  join(name: string): Promise<Learner>
}

interface Learner {
  readonly pushes: AsyncIterator<Push>
  report(report: Report): Promise<unknown>
}

let browser: Browser

/** A host of its own with both pages open. */
const it = test.extend('workshop', async ({}, { onCleanup }): Promise<Workshop> => {
  const parts = new AsyncDisposableStack()
  onCleanup(async () => parts.disposeAsync())
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-workshop-'))
  parts.defer(async () => rm(folder, { recursive: true }))
  const settings = { title: 'Class', labs, clock: systemClock, names: [] }
  const host = parts.use(await startHost({ folder, ...settings, address: '127.0.0.1', port: 0 }))
  const url = host.urls[0] ?? ''
  const context = parts.use(await browser.newContext())
  const ended = new AbortController()
  parts.defer(() => ended.abort())
  return {
    host,
    url,
    instructor: await openPage(context, host.instructorUrl, 1280, 800),
    projector: await openPage(context, host.projectorUrl, 1920, 1080),
    join: async (name) => {
      const key = randomBytes(24).toString('base64url')
      const body = { code: host.code, name, key, acceptsIncidents: false }
      const access = { url, token: (await joinHost(url, body, ended.signal)).token }
      return {
        pushes: streamPushes(access, 0, { signal: ended.signal, clock: systemClock })[
          Symbol.asyncIterator
        ](),
        report: async (report) => sendReports(access, [report], ended.signal),
      }
    },
  }
})
const stamp = (id: string) => ({ id, at: new Date().toISOString() })

describe.skipIf(skipWithoutBrowser)('pages of a workshop (skipped without Chromium)', () => {
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  it('before a learner joins, the projector shows the address, the code and the QR code', async ({
    workshop,
  }) => {
    const { host, url, projector } = workshop
    await expect.poll(async () => projector.locator('.code').textContent()).toBe(host.code)
    expect(await projector.locator('.address').textContent()).toBe(new URL(url).host)
    expect(await projector.getByRole('img', { name: `QR code of ${url}` }).count()).toBe(1)
    // The token is not in the address, which a projector may show.
    expect(new URL(projector.url()).hash).toBe('')
    await projector.reload()
    await projector.locator('.code').waitFor()
  })

  it('two learners predict, the instructor reveals, pushes a hint and sees a verdict, each within a second', async ({
    workshop,
  }) => {
    const { instructor, projector } = workshop
    const one = await workshop.join(markup)
    const other = await workshop.join('Linus')
    await one.report({ ...stamp('a1'), type: 'lab-opened', lab })
    await one.report({ ...stamp('a2'), type: 'prediction', lab, answer: 0, confidence: 80 })
    const counts = instructor.locator(`[data-lab="${lab}"] .count`)
    await expect.poll(async () => counts.allTextContents(), live).toContain('1 of 1, 80 % sure')
    await other.report({ ...stamp('b1'), type: 'prediction', lab, answer: 1, confidence: 60 })
    await expect.poll(async () => counts.allTextContents(), live).toContain('1 of 2, 60 % sure')

    expect(await projector.locator('.histogram').count()).toBe(0)
    await instructor.getByRole('button', { name: 'Reveal on the projector' }).click()
    await expect
      .poll(async () => projector.locator('.histogram .count').allTextContents(), live)
      .toContain('1 of 2, 80 % sure')
    const because = labs.find(({ id }) => id === lab)?.prediction.because
    expect(await projector.locator('.measured').textContent()).toContain(because)

    await instructor.getByRole('button', { name: 'Write to Linus' }).click()
    const form = instructor.getByRole('region', { name: 'Message' })
    await form.getByLabel('What').selectOption('hint')
    await form.getByLabel(/^Lab/).selectOption(lab)
    await form.getByLabel('Text').fill('Look at the COMMIT.')
    await form.getByRole('button', { name: 'Send to 1 learner' }).click()
    const push = (await other.pushes.next()).value as Push
    expect(push).toMatchObject({ type: 'hint', lab, text: 'Look at the COMMIT.' })
    await expect.poll(async () => form.getByRole('status').textContent()).toBe('Sent to 1 learner.')

    const verdict = { type: 'verdict', lab, run: 'r', outcome: 'violated' } as const
    await one.report({ ...stamp('a3'), ...verdict, failed: ['orders-paid'] })
    await expect
      .poll(async () => instructor.getByTestId('feed').textContent(), live)
      .toContain(`${markup} ✕ violated in ${lab} (orders-paid)`)
    // What learners write is text.
    expect(await instructor.locator('.learners b').count()).toBe(0)
    expect(await projector.locator('body').textContent()).not.toContain('Linus')
  })

  it('an exercise counts down on both pages, pauses, and stops only after a question', async ({
    workshop: { instructor, projector },
  }) => {
    const panel = instructor.getByRole('region', { name: 'Exercise' })
    await panel.getByLabel(/^Lab/).selectOption(lab)
    await panel.getByRole('button', { name: 'Start' }).click()
    const countdown = projector.getByTestId('countdown')
    await expect.poll(async () => countdown.textContent()).toMatch(/^1[45]:\d\d$/)
    await panel.getByRole('button', { name: 'Pause' }).click()
    await expect
      .poll(async () => projector.locator('.wall-exercise').textContent())
      .toContain('Paused')
    await panel.getByRole('button', { name: 'Stop the exercise …' }).click()
    await panel.getByRole('button', { name: 'Cancel' }).click()
    expect(await countdown.count()).toBe(1)
    await panel.getByRole('button', { name: 'Stop the exercise …' }).click()
    await panel.getByRole('button', { name: 'Stop the exercise', exact: true }).click()
    await expect.poll(async () => countdown.count()).toBe(0)
  })

  it('the scoreboard is on the projector only when it is on, and says that it is frozen', async ({
    workshop,
  }) => {
    const { instructor, projector } = workshop
    await workshop.join('Linus')
    const panel = instructor.getByRole('region', { name: 'Scoreboard' })
    expect(await projector.locator('.wall-scores').count()).toBe(0)
    await panel.getByRole('button', { name: 'Switch on …' }).click()
    await panel.getByRole('button', { name: 'Switch on', exact: true }).click()
    const scores = projector.locator('.wall-scores')
    await expect.poll(async () => scores.textContent()).toContain('Linus')
    await panel.getByRole('button', { name: 'Freeze' }).click()
    await expect.poll(async () => scores.textContent()).toContain('frozen')
  })

  it('with many learners axe finds nothing, and every text of the projector has 28 pixels, in both themes', async ({
    workshop,
  }) => {
    const { host, url, instructor, projector } = workshop
    const simulation = { learners: 12, reportsEach: 3, lab, pauseMs: 5, url, code: host.code }
    const ended = new AbortController()
    const { acknowledged } = await simulateLearners({
      ...simulation,
      random: createRandom(7),
      clock: systemClock,
      signal: ended.signal,
    })
    ended.abort()
    expect(acknowledged.size).toBe(12)
    await expect.poll(async () => instructor.locator('[data-learner]').count()).toBe(12)
    await instructor.getByRole('button', { name: 'Reveal on the projector' }).click()
    const exercise = instructor.getByRole('region', { name: 'Exercise' })
    await exercise.getByLabel(/^Lab/).selectOption(lab)
    await exercise.getByRole('button', { name: 'Start' }).click()
    await instructor.getByRole('button', { name: 'Switch on …' }).click()
    await instructor.getByRole('button', { name: 'Switch on', exact: true }).click()
    await projector.locator('.wall-scores').waitFor()
    await projector.locator('.wall-exercise').waitFor()
    await projector.locator('.histogram').waitFor()
    for (const theme of ['light', 'dark'])
      for (const page of [instructor, projector]) {
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
        expect(await pageViolations(page)).toEqual([])
      }
    expect(await projector.evaluate(smallTexts)).toEqual([])
    expect(await projector.evaluate('document.documentElement.scrollHeight')).toBe(1080)
    await instructor.setViewportSize({ width: 390, height: 844 })
    expect(await instructor.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(await pageViolations(instructor)).toEqual([])
  })

  it('a page with a wrong token says what to do', async ({ workshop: { url } }) => {
    const page = await openPage(browser, `${url}/instructor#token=wrong`, 1280, 800)
    await expect
      .poll(async () => page.getByRole('alert').textContent())
      .toContain('Open the link that `unhappy workshop host` prints.')
    await page.close()
  })
})

async function openPage(
  from: Browser | BrowserContext,
  at: string,
  width: number,
  height: number,
): Promise<Page> {
  const page = await from.newPage()
  await page.setViewportSize({ width, height })
  await page.goto(at)
  return page
}

const smallTexts = `[...document.querySelectorAll('.wall *')]
  .filter((node) => node.checkVisibility())
  .filter((node) => [...node.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim() !== ''))
  .map((node) => ({ text: node.textContent, px: Number.parseFloat(getComputedStyle(node).fontSize) }))
  .filter(({ px }) => px < 28)`
