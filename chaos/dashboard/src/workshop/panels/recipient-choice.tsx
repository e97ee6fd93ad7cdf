import type { Recipients } from '../../../../contracts/workshop.ts'
import { learnersText } from '../words.ts'

/** The learners that receive something: all, or the ones that are selected in the table. */
export interface RecipientsChoice {
  readonly recipients: Recipients
  /** How many these are. */
  readonly count: number
  readonly all: number
  readonly selected: number
  readonly isAll: boolean
  readonly setAll: (isAll: boolean) => void
}

export function RecipientChoice({
  group,
  to,
}: {
  /** The name of the fields. */
  readonly group: string
  readonly to: RecipientsChoice
}) {
  const choice = (isAll: boolean, text: string) => (
    <label class="choice">
      <input
        type="radio"
        name={`${group}-to`}
        checked={to.isAll === isAll}
        onChange={() => to.setAll(isAll)}
      />
      <span>{text}</span>
    </label>
  )
  return (
    <fieldset class="choices beside">
      <legend class="unseen">To</legend>
      {choice(true, `All (${to.all})`)}
      {choice(false, `Selected: ${learnersText(to.selected)}`)}
    </fieldset>
  )
}
