import type { Locator, Page } from 'playwright-core'

import type { Learner } from './learner.ts'
import { lineSpan, nextStep } from './mouse-step.ts'

/** Turns of the wheel until a target is visible. */
const turnsMax = 60
const keyDelayMs = 15
const wheelPx = 100
/** A smaller target is hard to hit: WCAG 2.2, 2.5.8. In CSS pixels. */
const targetMin = 24

/** Uses only the wheel and the left button; the keyboard only types text. Playwright's own click scrolls where no user can. */
export function mouseLearner(page: Page): Learner {
  const problems = new Set<string>()
  const { mouse, keyboard } = page

  /** Turns the wheel until the middle of the target can be clicked. */
  const reach = async (target: Locator) => {
    await target.waitFor()
    for (let turn = 0; turn < turnsMax; turn++) {
      const step = await target.evaluate(nextStep)
      if (step.kind === 'visible') return step
      if (step.kind === 'never')
        throw new Error(`The mouse does not reach ${target.toString()}: ${step.why}`)
      await mouse.move(step.x, step.y)
      await mouse.wheel(0, step.deltaY)
      await settled(page)
    }
    throw new Error(`${turnsMax} turns of the wheel did not reach ${target.toString()}.`)
  }
  /** The editor has only the lines in the page that are in view, and a few more. */
  const scrollEditorTo = async (line: Locator): Promise<void> => {
    const { x, y } = await reach(page.locator('.cm-scroller'))
    await mouse.move(x, y)
    for (let turn = 0; turn < turnsMax && (await line.count()) === 0; turn++) {
      await mouse.wheel(0, wheelPx)
      await settled(page)
    }
  }
  const click = async (target: Locator): Promise<void> => {
    const { x, y, width, height, name } = await reach(target)
    if (Math.min(width, height) < targetMin)
      problems.add(`a target of ${width.toFixed(0)} x ${height.toFixed(0)} pixels: ${name}`)
    await mouse.click(x, y)
  }

  return {
    name: 'mouse',
    press: click,
    // A user presses the words beside the small circle.
    chooseRadio: async (radio) => await click(radio.locator('xpath=ancestor::label')),
    chooseTab: click,
    write: async (field, text) => {
      await click(field)
      await keyboard.type(text)
    },
    replaceCode: async (before, after) => {
      const line = page.locator('.cm-line', { hasText: before })
      await scrollEditorTo(line)
      await reach(line)
      const { from, to } = await line.evaluate(lineSpan, before)
      await mouse.move(from.x, from.y)
      await mouse.down()
      await mouse.move(to.x, to.y, { steps: 4 })
      await mouse.up()
      await keyboard.type(after, { delay: keyDelayMs })
    },
    problems: () => [...problems],
  }
}

/** The next two frames: scrolling has an effect only then. The source is text, because it runs in the page. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  )
}
