import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'
import { startHost } from '#chaos/workshop/host/start-host.ts'
import type { RunningHost } from '#chaos/workshop/host/start-host.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'
import { labs } from '#labs/index.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { problemsOfThemes } from './testing/looks.ts'
import { serveLearner } from './testing/served-learner.ts'
import type { ServedLearner } from './testing/served-learner.ts'

/** The start of the lab does not contain it. */
const fix = 'without the cache'
const narrow = { width: 390, height: 844 }
/** A busy machine needs time for four pages in three browsers. */
const timeout = 900_000
/** For one action. */
const actionMs = 120_000

interface Seat extends ServedLearner {
  readonly page: Page
}

type PageName = 'instructor' | 'projector' | 'ada' | 'linus'

interface Class {
  readonly instructor: Page
  readonly projector: Page
  readonly ada: Seat
  readonly linus: Seat
  /** What is wrong with these pages in this phase, in both themes. */
  readonly look: (phase: string, ...names: readonly PageName[]) => Promise<readonly string[]>
}

let browser: Browser

/** A host, its two pages, and two learners who have joined on their own page and agreed to incidents. */
const it = test.extend('room', async ({}, { onCleanup }): Promise<Class> => {
  const parts = new AsyncDisposableStack()
  onCleanup(async () => parts.disposeAsync())
  const folder = await mkdtemp(joinPath(tmpdir(), 'unhappy-class-'))
  parts.defer(async () => rm(folder, { recursive: true }))
  const incidents = system.gamedays?.incidents ?? []
  const host = parts.use(
    await startHost({
      folder,
      title: 'Friday class',
      labs,
      incidents: incidents.map(({ id, title }) => ({ id, title })),
      clock: systemClock,
      names: [],
      address: '127.0.0.1',
      port: 0,
    }),
  )
  const context = parts.use(await browser.newContext())
  const open = async (url: string, width: number, height: number): Promise<Page> => {
    const page = await context.newPage()
    page.setDefaultTimeout(actionMs)
    await page.setViewportSize({ width, height })
    await page.goto(url)
    return page
  }
  const seat = async (name: string): Promise<Seat> => {
    const learner = parts.use(await serveLearner(labZero, fix))
    const page = await learner.open('labs')
    page.setDefaultTimeout(actionMs)
    await join(page, host, name)
    return { ...learner, page }
  }
  const instructor = await open(host.instructorUrl, 1280, 900)
  const projector = await open(host.projectorUrl, 1920, 1080)
  const [ada, linus] = [await seat('Ada'), await seat('Linus')]
  await linus.page.setViewportSize(narrow)
  const pages = { instructor, projector, ada: ada.page, linus: linus.page }
  return {
    instructor,
    projector,
    ada,
    linus,
    look: async (phase, ...names) => {
      const problems: string[] = []
      for (const name of names)
        problems.push(...(await problemsOfThemes(pages[name], `${phase}-${name}`)))
      return problems
    },
  }
})

describe.skipIf(skipWithoutBrowser)('a class of two learners (skipped without Chromium)', () => {
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  it(
    'a lab: both predict, the instructor reveals, one learner receives a hint and then holds',
    { timeout },
    async ({ room: { instructor, projector, ada, linus, look } }) => {
      expect(await look('joined', 'linus')).toEqual([])

      const exercise = instructor.getByRole('region', { name: 'Exercise' })
      await exercise.getByLabel(/^Lab/).selectOption('lab-zero')
      await exercise.getByRole('button', { name: 'Start' }).click()
      for (const { page } of [ada, linus]) await page.locator('.workshop .timer').waitFor()
      await predict(ada, 0)
      await predict(linus, 2)
      const counts = instructor.locator('[data-lab=lab-zero] .count')
      await expect
        .poll(async () => counts.allTextContents())
        .toEqual(['1 of 2, 60 % sure', '0 of 2', '1 of 2, 60 % sure', '0 of 2'])
      expect(await projector.locator('.histogram').count()).toBe(0)
      expect(await look('predicted', 'instructor', 'linus')).toEqual([])

      await instructor.getByRole('button', { name: 'Reveal on the projector' }).click()
      const wall = projector.locator('.histogram')
      await expect.poll(async () => wall.textContent()).toContain(labZero.prediction.because)
      await check(ada, 'VIOLATED')
      await expect
        .poll(async () => wall.textContent())
        .toContain("First verdicts of the learners' code: ✕ 1 violated.")
      const row = instructor.locator('[data-learner=Ada]')
      await expect.poll(async () => row.textContent()).toContain('✕ violated availability')
      expect(await look('revealed', 'instructor', 'projector', 'ada')).toEqual([])

      await ada.page.getByRole('button', { name: 'Ask for help' }).click()
      await expect.poll(async () => row.textContent()).toContain('Asked for help')
      await instructor.getByRole('button', { name: 'Write to Ada' }).click()
      const message = instructor.getByRole('region', { name: 'Message' })
      await message.getByLabel('What').selectOption('hint')
      await message.getByLabel('Text').fill('Which call can throw?')
      await message.getByRole('button', { name: 'Send to 1 learner' }).click()
      await ada.page.getByText('Which call can throw?').waitFor()
      expect(await linus.page.getByText('Which call can throw?').count()).toBe(0)
      expect(await look('hint', 'instructor', 'ada')).toEqual([])

      await writeFile(ada.file, `${await readFile(ada.file, 'utf8')}// ${fix}\n`)
      await check(ada, 'HELD')
      await expect.poll(async () => row.textContent()).toContain('✓ held')
      expect(await projector.locator('.progress').textContent()).toContain('1 held')
      expect(await look('held', 'instructor', 'projector', 'ada')).toEqual([])
    },
  )

  it(
    'a game day: the host sends an incident and then none, and receives the scores of both learners',
    { timeout },
    async ({ room: { instructor, projector, ada, linus, look } }) => {
      const shown = async (learner: Seat): Promise<void> => {
        await learner.page.evaluate("location.hash = '#/sandbox'")
        await learner.page.getByTestId('gameday').waitFor()
      }
      await shown(ada)
      await shown(linus)
      await send(instructor, 'Redis is frozen')
      await opened(ada)
      await opened(linus)
      expect(await look('incident', 'linus')).toEqual([])

      await ada.advance(80_000)
      await linus.advance(80_000)
      await answer(ada, { wrong: true, where: 'redis', cause: 'pause' })
      await answer(linus, { wrong: false })
      const incident = instructor.locator('.incidents li').first()
      await expect.poll(async () => incident.textContent()).toContain('answered 2')
      const wall = projector.locator('.wall-incident')
      await expect.poll(async () => wall.textContent()).toContain('2 of 2 answered')
      expect(await projector.locator('body').textContent()).not.toContain('Redis is frozen')
      expect(await look('answered', 'instructor', 'projector', 'ada')).toEqual([])
      await close(ada)
      await close(linus)
      await expect
        .poll(async () => scores(instructor))
        .toEqual(['Ada: 0 held, incidents 3.0, 0 hints', 'Linus: 0 held, incidents 0.0, 0 hints'])
      expect(await look('debriefed', 'instructor', 'ada')).toEqual([])
      await end(instructor)

      await send(instructor, 'A peak of traffic within the capacity')
      await opened(ada)
      await opened(linus)
      await ada.advance(80_000)
      await linus.advance(80_000)
      await answer(ada, { wrong: true, where: 'postgres' })
      await answer(linus, { wrong: false })
      await close(ada)
      await close(linus)
      await expect
        .poll(async () => scores(instructor))
        .toEqual(['Linus: 0 held, incidents 5.0, 0 hints', 'Ada: 0 held, incidents 4.0, 0 hints'])
      await end(instructor)
      await expect.poll(async () => wall.textContent()).toContain('Incident ended')
      expect(await look('nothing-wrong', 'instructor', 'projector', 'linus')).toEqual([])
    },
  )
})

/** With the form of the learner's own page. */
async function join(page: Page, host: RunningHost, name: string): Promise<void> {
  await page.getByText('Join a workshop').click()
  await page.getByLabel('Address').fill(host.urls[0] ?? '')
  await page.getByLabel('Code').fill(host.code)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('The instructor may start incidents here').check()
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  // A failure shows the text of the form, with its error.
  await expect
    .poll(async () => page.locator('.workshop').allTextContents(), { timeout: actionMs })
    .toEqual([expect.stringContaining(`Friday classas ${name}`)])
}

async function predict({ page }: Seat, answer: number): Promise<void> {
  await page.evaluate("location.hash = '#/labs/lab-zero'")
  await page.getByRole('tab', { name: 'Check' }).click()
  await page.getByTestId('start-lab').click()
  await page.locator('[data-testid=prediction] .choice').nth(answer).click()
  await page.getByTestId('lock').click()
  await page.getByTestId('prediction').waitFor({ state: 'detached' })
}

async function check({ page }: Seat, outcome: string): Promise<void> {
  await page.getByRole('tab', { name: 'Check' }).click()
  await page.getByTestId('check').click()
  await expect.poll(async () => page.getByTestId('verdict').textContent()).toContain(outcome)
}

async function send(instructor: Page, title: string): Promise<void> {
  const panel = instructor.getByRole('region', { name: 'Incidents' })
  await panel.getByLabel(/^Incident/).selectOption({ label: title })
  await panel.getByRole('button', { name: 'Start the incident …' }).click()
  await panel.getByRole('button', { name: 'Start the incident', exact: true }).click()
  await expect.poll(async () => panel.textContent()).toContain('Sent to 2 learners.')
}

async function opened({ page }: Seat): Promise<void> {
  await page.getByLabel('Time since the incident opened').waitFor()
}

async function answer(
  { page }: Seat,
  {
    wrong,
    where,
    cause,
  }: { readonly wrong: boolean; readonly where?: string; readonly cause?: string },
): Promise<void> {
  const panel = page.getByTestId('gameday')
  await panel.getByTestId(wrong ? 'wrong-yes' : 'wrong-no').check()
  if (where !== undefined)
    await panel.getByLabel('Where does it begin?: add a place').selectOption(where)
  if (cause !== undefined) await panel.getByTestId('cause').selectOption(cause)
  await panel.getByTestId('keep-answers').click()
  await panel.getByText('✓ Kept at').waitFor()
}

async function close({ page, advance }: Seat): Promise<void> {
  await page.getByTestId('final-answers').click()
  await page.getByText('the checks judge your actions').waitFor()
  await advance(400_000)
  await page.getByText('The last game day').waitFor()
}

async function end(instructor: Page): Promise<void> {
  const panel = instructor.getByRole('region', { name: 'Incidents' })
  await panel.getByRole('button', { name: 'End the incident …' }).click()
  await panel.getByRole('button', { name: 'End the incident', exact: true }).click()
  await expect.poll(async () => panel.locator('.pill.fault').count()).toBe(0)
}

/** Of the table of places, without the place. */
async function scores(instructor: Page): Promise<readonly string[]> {
  const panel = instructor.getByRole('region', { name: 'Scoreboard' })
  const rows = await panel.locator('.places li').allTextContents()
  return rows.map((row) => row.replace(/^\d+\. /, ''))
}
