import type { AnyCommand, CommandEntry } from '../command.ts'
import { defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'A lab replaces one file of the shop with the version most of us would write first. You predict what happens when something fails, measure it, explain it, and fix it.',
  examples: ['unhappy lab list', 'unhappy lab start lab-zero', 'unhappy lab check lab-zero'],
  subCommands: {
    list: entry('All labs, and how far you are', () => import('./lab/list.ts')),
    start: entry('Copy the starting code to my-work/', () => import('./lab/start.ts')),
    check: entry('Judge your code, on the happy path and off it', () => import('./lab/check.ts')),
    watch: entry('Check again whenever you save', () => import('./lab/watch.ts')),
    hint: entry('The next hint, from weak to strong', () => import('./lab/hint.ts')),
    solution: entry("What the shop's own file does differently", () => import('./lab/solution.ts')),
    reset: entry('Begin anew; your files are kept aside', () => import('./lab/reset.ts')),
  },
})

function entry(
  description: string,
  load: () => Promise<{ readonly default: AnyCommand }>,
): CommandEntry {
  return { description, load: async () => (await load()).default }
}
