import { join } from 'node:path'

import type { GamedayView, IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'
import { scoredParts } from '#chaos/contracts/gameday/gameday-view.ts'
import { clockTime } from '#chaos/gameday/clock-time.ts'
import { readablePath } from '#chaos/home/readable-path.ts'

import type { Cli } from '../cli.ts'
import type { Printer } from '../ui/printer.ts'
import { wrap } from '../ui/wrap.ts'

/** The debrief of a game day for a terminal. */
export function debriefText(
  { closed, seed, error, id, state }: GamedayView,
  { out, home }: Pick<Cli, 'out' | 'home'>,
): string {
  const points = closed.reduce((sum, { score }) => sum + score.points, 0)
  return [
    out.colours.bold(`Debrief, seed ${seed}: ${points} of ${closed.length * 100} points`),
    ...(error === undefined ? [] : [wrap(`The game day ended early: ${error}`, out.columns)]),
    ...closed.map((one) => incidentText(one, out)),
    // It is written at the end of the game day.
    ...(closed.length === 0 || state === 'running'
      ? []
      : [`The page: ${readablePath(join(home.runs, id, 'debrief.html'))}`]),
  ].join('\n\n')
}

function incidentText(one: IncidentDebrief, out: Printer): string {
  const { bold, dim } = out.colours
  const { number, title, story, cause, chain, mitigations, score, lines } = one
  const row = (text: string, indent = 2): string => wrap(text, out.columns, indent)
  return [
    bold(`${number}. ${title}: ${score.points} of 100 points`),
    row(story),
    cause === null ? 'Nothing was wrong.' : row(`Cause: ${cause.kind} on ${cause.place}`),
    ...(chain.length === 0
      ? []
      : ['How it spread:', ...chain.map(({ place, seen }) => row(`  → ${place}: ${seen}`, 4))]),
    ...mitigations.map((text) => row(`What ends it: ${text}`)),
    ...scoredParts.map((part) =>
      row(`  ${part} ${Math.round(score[part] * 100)} %: ${score.reasons[part]}`, 4),
    ),
    dim('Minute by minute:'),
    ...lines.map(({ atMs, by, text }) =>
      row(`  ${clockTime(atMs).padStart(5)}  ${by === 'learner' ? 'you: ' : ''}${text}`, 9),
    ),
  ].join('\n')
}
