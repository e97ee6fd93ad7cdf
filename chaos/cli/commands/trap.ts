import type { AnyCommand, CommandEntry } from '../command.ts'
import { defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'A trap is a condition on a message, and what to do with it: "the third COMMIT of any API instance, when it was executed and before the API hears of it: kill the API".',
  examples: [
    "unhappy trap arm 'api-*:postgres' COMMIT --after --kill caller",
    "unhappy trap arm 'worker-*:payments' 'POST /charges' --after --cut --wait",
    "unhappy trap arm 'worker-*:redis' 'bullmq addJob' --before --hold",
    'unhappy trap list',
    'unhappy trap release trap-1a2b3c4d deliver',
  ],
  subCommands: {
    arm: entry('Arm a trap on one message', () => import('./trap/arm.ts')),
    list: entry('Traps, and what became of them', () => import('./trap/list.ts')),
    release: entry('End a hold', () => import('./trap/release.ts')),
    disarm: entry('Disarm a trap; what it holds goes on', () => import('./trap/disarm.ts')),
  },
})

function entry(
  description: string,
  load: () => Promise<{ readonly default: AnyCommand }>,
): CommandEntry {
  return { description, load: async () => (await load()).default }
}
