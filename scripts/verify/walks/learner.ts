import type { Locator } from 'playwright-core'

/** Uses the page as a learner does, with one kind of input. A control that this input cannot reach is an error. */
export interface Learner {
  readonly name: 'keyboard' | 'mouse'
  /** Presses a button or follows a link. */
  press(target: Locator): Promise<void>
  chooseRadio(radio: Locator): Promise<void>
  chooseTab(tab: Locator): Promise<void>
  /** Types into an empty text field. */
  write(field: Locator, text: string): Promise<void>
  /** Selects a part of a line in the editor and types something else. The editor indents further lines. */
  replaceCode(before: string, after: string): Promise<void>
  /** What was wrong on the way, although the control was reached. */
  problems(): readonly string[]
}
