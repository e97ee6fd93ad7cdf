import type { AnyCommand, CommandEntry } from '../command.ts'
import { defineCommand } from '../command.ts'

export default defineCommand({
  about:
    "Below the faults: Toxiproxy's own toxics, one link at a time. `unhappy inject` takes patterns, is part of the journal and is undone by halt; prefer it. With --url these work on any data plane, such as that of `unhappy proxy`.",
  examples: ['unhappy toxic list', 'unhappy toxic add api-1:redis latency latency=100'],
  subCommands: {
    list: entry('Every link and its toxics', () => import('./toxic/list.ts')),
    kinds: entry(
      'Every type of toxic, or one with its attributes',
      () => import('./toxic/kinds.ts'),
    ),
    add: entry('Put a toxic on a link', () => import('./toxic/add.ts')),
    remove: entry('Take a toxic away', () => import('./toxic/remove.ts')),
  },
})

function entry(
  description: string,
  load: () => Promise<{ readonly default: AnyCommand }>,
): CommandEntry {
  return { description, load: async () => (await load()).default }
}
