import type { Locator, Page } from 'playwright-core'

import type { LabPlan } from './lab-plans.ts'
import type { Learner } from './learner.ts'

/** A check with its sweep and its variants, on a busy machine. */
const verdictMs = 480_000

/** What a learner sees, in this order. */
export type LabState =
  | 'path'
  | 'new'
  | 'before-prediction'
  | 'after-prediction'
  | 'checking'
  | 'violated'
  | 'story'
  | 'edited'
  | 'checking-again'
  | 'held'
  | 'comparison'
  | 'lenses'
  | 'after'

/** Goes through a lab from the page that is open to `held`, and reports each state. The first thing that is not there is an error. */
export async function walkLab(
  page: Page,
  learner: Learner,
  { lab, explanation, edits }: LabPlan,
  seen: (state: LabState) => Promise<void>,
): Promise<void> {
  const pages = page.getByRole('navigation', { name: 'Pages' })
  await learner.press(pages.getByRole('link', { name: 'Labs' }))
  const card = page.locator(`a.lab-card[href="#/labs/${lab.id}"]`)
  await card.waitFor()
  await seen('path')
  await learner.press(card)
  await page.locator('.lab-head', { hasText: lab.title }).waitFor()
  await seen('new')

  await showPane(page, learner, 'Check')
  await learner.press(page.getByTestId('start-lab'))
  await page.getByTestId('prediction').waitFor()
  await seen('before-prediction')
  await learner.chooseRadio(
    page.getByTestId('prediction').getByRole('radio').nth(lab.prediction.right),
  )
  await learner.press(page.getByTestId('lock'))
  await page.getByTestId('check').waitFor()
  await seen('after-prediction')

  await learner.press(page.getByTestId('check'))
  await page.getByTestId('check').filter({ hasText: 'Checking' }).waitFor()
  await seen('checking')
  await verdict(page, 'VIOLATED')
  if ((await page.locator('.story').count()) > 0)
    throw new Error('The story is shown before the learner has explained.')
  await seen('violated')
  await learner.write(page.getByRole('textbox', { name: 'What happened?' }), explanation)
  await learner.press(page.getByTestId('show-story'))
  await page.locator('.story').waitFor()
  await seen('story')

  await showPane(page, learner, 'Code')
  for (const { before, after } of edits) await learner.replaceCode(before, after)
  await page.locator('[data-testid=save-state][data-state=saved]').waitFor()
  await seen('edited')
  await showPane(page, learner, 'Check')
  await learner.press(page.getByTestId('check'))
  await page.getByTestId('check').filter({ hasText: 'Checking' }).waitFor()
  await seen('checking-again')
  await verdict(page, 'HELD')
  await seen('held')
  await afterHeld(page, learner, seen)
}

/** What opens when the learner's version holds. */
async function afterHeld(
  page: Page,
  learner: Learner,
  seen: (state: LabState) => Promise<void>,
): Promise<void> {
  const both = page.getByTestId('two-runs')
  await both.waitFor()
  await both.scrollIntoViewIfNeeded()
  await seen('comparison')
  const lens = page.getByTestId('lenses').getByRole('textbox').first()
  await learner.write(lens, 'The queue and the database promised nothing to each other.')
  await learner.press(page.getByTestId('save-lenses'))
  await page.getByText('1 of 5 written').waitFor()
  await seen('lenses')
  await showPane(page, learner, 'Read')
  const after = page.getByTestId('after').getByRole('heading', { name: 'Trade-off' })
  await after.waitFor()
  await after.scrollIntoViewIfNeeded()
  await seen('after')
}

/** Chooses the tab of a pane, if the layout has one and it is not chosen. */
async function showPane(page: Page, learner: Learner, name: string): Promise<void> {
  const tab: Locator = page.locator('.lab-tabs').getByRole('tab', { name, exact: true })
  if ((await tab.count()) === 0 || (await tab.getAttribute('aria-selected')) === 'true') return
  await learner.chooseTab(tab)
}

async function verdict(page: Page, word: string): Promise<void> {
  await page.getByTestId('check').filter({ hasNotText: 'Checking' }).waitFor({ timeout: verdictMs })
  const text = (await page.getByTestId('verdict').textContent()) ?? ''
  if (!text.includes(word)) throw new Error(`The verdict must be ${word}. It is: ${text}`)
}
