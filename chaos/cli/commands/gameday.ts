import type { AnyCommand } from '../command.ts'
import { commandEntry } from '../command.ts'
import start from './gameday/start.ts'

/** Without a sub-command it starts one. */
const command: AnyCommand = {
  ...start,
  about:
    'Without a command it starts a game day. A game day has incidents that nothing names. In some of them nothing is wrong. Find out whether something is wrong, where and why, and end it. docs/gameday.md has the rules.',
  examples: [
    'unhappy gameday --seed 7',
    'unhappy gameday status',
    'unhappy gameday do restart worker-1',
    "unhappy gameday answer --wrong yes --where 'worker-*:payments' --cause latency",
    'unhappy gameday debrief',
  ],
  subCommands: {
    start: commandEntry(
      'Start a game day and answer on the clock.',
      () => import('./gameday/start.ts'),
    ),
    status: commandEntry(
      'Show the clock, your answers and your actions.',
      () => import('./gameday/status.ts'),
    ),
    do: commandEntry('Carry out a mitigation.', () => import('./gameday/do.ts')),
    answer: commandEntry('Say what is wrong, where and why.', () => import('./gameday/answer.ts')),
    choices: commandEntry(
      'List the places, the causes and the mitigations.',
      () => import('./gameday/choices.ts'),
    ),
    debrief: commandEntry(
      'Show what happened beside what you said.',
      () => import('./gameday/debrief.ts'),
    ),
    stop: commandEntry('End the game day early.', () => import('./gameday/stop.ts')),
  },
}
export default command
