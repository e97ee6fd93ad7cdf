import type { Lab } from '#chaos/contracts/lab.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'

import { markdownTable } from './markdown.ts'

export interface Plan {
  readonly title: string
  /** What the parts may take together. */
  readonly minutes: number
  /** Hour of the day. Absent: minutes from the beginning. */
  readonly startsAt?: number
  readonly parts: readonly PlanPart[]
}

/** `lab`: in pairs, with debrief and question. `show`: predict, run and look, on the projector. */
type PlanPart =
  | { readonly lab: string }
  | { readonly show: string }
  | 'pause'
  | 'lunch'
  | 'game day'

interface Row {
  readonly minutes: number
  readonly what: string
}

/** Minutes of the steps that docs/facilitating.md describes. */
const steps = {
  arrive: 10,
  debrief: 10,
  question: 5,
  show: 15,
  pause: 10,
  lunch: 60,
  gameDay: 60,
  end: 5,
}

/** A timetable as a Markdown table. Throws when the parts take longer than the plan. */
export function timetable(plan: Plan, labs: readonly Lab[]): string {
  const zero = findLab(labs, 'lab-zero')
  const rows: readonly Row[] = [
    {
      minutes: steps.arrive + zero.minutes,
      what: 'start the sandbox; lab-zero together, on the projector',
    },
    ...plan.parts.flatMap((part) => rowsOf(part, labs)),
    { minutes: steps.end, what: '“Which one thing will you look at on Monday?”' },
  ]
  const total = rows.reduce((sum, { minutes }) => sum + minutes, 0)
  if (total > plan.minutes)
    throw new Error(`The plan "${plan.title}" takes ${total} of ${plan.minutes} minutes.`)
  let at = 0
  const cells = rows.map(({ minutes, what }) => {
    const from = at
    at += minutes
    return [timeText(plan, from), String(minutes), what]
  })
  const spare = plan.minutes - total
  const head = plan.startsAt === undefined ? 'minute' : 'from'
  const left = spare === 0 ? [] : [[timeText(plan, total), String(spare), 'reserve']]
  return markdownTable([head, 'minutes', 'what'], [...cells, ...left])
}

function rowsOf(part: PlanPart, labs: readonly Lab[]): readonly Row[] {
  if (part === 'pause') return [{ minutes: steps.pause, what: 'pause' }]
  if (part === 'lunch') return [{ minutes: steps.lunch, what: 'lunch' }]
  if (part === 'game day')
    return [{ minutes: steps.gameDay, what: 'a game day ([how](../facilitating.md#a-game-day))' }]
  if ('show' in part)
    return [
      {
        minutes: steps.show,
        what: `${findLab(labs, part.show).id}: predict, run and look, together on the projector`,
      },
    ]
  const { id, minutes } = findLab(labs, part.lab)
  return [
    { minutes, what: `${id}, in pairs` },
    { minutes: steps.debrief, what: `debrief of ${id}` },
    { minutes: steps.question, what: `the first unfamiliar file of ${id}, each learner alone` },
  ]
}

function timeText({ startsAt }: Plan, minute: number): string {
  if (startsAt === undefined) return String(minute)
  const hour = startsAt + Math.floor(minute / 60)
  return `${hour}:${String(minute % 60).padStart(2, '0')}`
}
