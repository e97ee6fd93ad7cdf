import type { Locator, Page } from 'playwright-core'

import { focusOf } from './focus-of.ts'
import type { Learner } from './learner.ts'

/** A page has fewer elements that Tab reaches. */
const tabsMax = 150
const panesMax = 6
/** Between two keys, in milliseconds: the editor completes words meanwhile. */
const keyDelayMs = 15

/** Uses only the keyboard: Tab, Enter, arrows, and the keys that the page lists under `?`. */
export function keyboardLearner(page: Page): Learner {
  const problems = new Set<string>()
  const { keyboard } = page
  let pressed = ''

  /** F6 moves over the panes of the lab page. */
  const goToPane = async (pane: Locator): Promise<void> => {
    for (let presses = 0; presses <= panesMax; presses++) {
      if ((await pane.and(page.locator(':focus-within')).count()) > 0) return
      await keyboard.press('F6')
    }
    throw new Error(`${panesMax} times F6 did not reach ${pane.toString()}.`)
  }

  const tabTo = async (target: Locator): Promise<void> => {
    await target.waitFor()
    if (pressed !== '' && (await focusOf(page)).isLost)
      problems.add(`nothing has the focus after ${pressed}`)
    pressed = ''
    const pane = target.locator('xpath=ancestor::*[@data-pane]')
    if ((await pane.count()) > 0) await goToPane(pane)
    for (let presses = 0; presses <= tabsMax; presses++) {
      if (await hasFocus(target)) return
      const { inEditor, problem } = await focusOf(page)
      if (problem !== null && presses > 0) problems.add(problem)
      // In the editor Tab indents. After Escape it leaves.
      if (inEditor) await keyboard.press('Escape')
      await keyboard.press('Tab')
    }
    throw new Error(`${tabsMax} times Tab did not reach ${target.toString()}.`)
  }

  return {
    name: 'keyboard',
    press: async (target) => {
      await tabTo(target)
      pressed = (await target.textContent())?.trim().slice(0, 40) ?? ''
      await keyboard.press('Enter')
    },
    chooseRadio: async (radio) => {
      await radio.waitFor()
      // Tab reaches a group of radio buttons once. Arrow keys move in it.
      const group = radio.locator('xpath=ancestor::fieldset').getByRole('radio')
      await tabTo(group.first())
      if (await hasFocus(radio)) await keyboard.press('Space')
      for (let i = await group.count(); i > 0 && !(await radio.isChecked()); i--)
        await keyboard.press('ArrowDown')
      if (!(await radio.isChecked()))
        throw new Error(`Arrow keys did not choose ${radio.toString()}.`)
    },
    chooseTab: async (tab) => {
      const list = tab.locator('xpath=ancestor::*[@role="tablist"]')
      await tabTo(list.getByRole('tab', { selected: true }))
      for (let i = await list.getByRole('tab').count(); i > 0 && !(await isSelected(tab)); i--)
        await keyboard.press('ArrowRight')
      if (!(await isSelected(tab))) throw new Error(`Arrow keys did not choose ${tab.toString()}.`)
    },
    write: async (field, text) => {
      await tabTo(field)
      await keyboard.type(text)
    },
    replaceCode: async (before, after) => {
      await goToPane(page.locator('[data-pane=code]'))
      // The focus can be on another control of the pane.
      if (!(await focusOf(page)).inEditor) await tabTo(page.locator('.code-host'))
      await keyboard.press('Control+f')
      // A search that was used before has its text selected.
      await keyboard.type(before)
      await keyboard.press('Enter')
      await keyboard.press('Escape')
      await keyboard.type(after, { delay: keyDelayMs })
    },
    problems: () => [...problems],
  }
}

async function hasFocus(target: Locator): Promise<boolean> {
  return await target.evaluate((node) => node === node.ownerDocument.activeElement)
}

async function isSelected(tab: Locator): Promise<boolean> {
  return (await tab.getAttribute('aria-selected')) === 'true'
}
