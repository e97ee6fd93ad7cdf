import { commandEntry, defineCommand } from '../command.ts'

export default defineCommand({
  about:
    'A toxic is what Toxiproxy calls a fault on one link. Prefer `unhappy inject`: it accepts patterns, its faults appear in the journal, and `unhappy halt` heals them. With --url these commands work with any data plane, for example that of `unhappy proxy`.',
  examples: ['unhappy toxic list', 'unhappy toxic add api-1:redis latency latency=100'],
  subCommands: {
    list: commandEntry('List every link and its toxics.', () => import('./toxic/list.ts')),
    kinds: commandEntry(
      'List the types of toxics, or describe one with its attributes.',
      () => import('./toxic/kinds.ts'),
    ),
    add: commandEntry('Add a toxic to a link.', () => import('./toxic/add.ts')),
    remove: commandEntry('Remove a toxic from a link.', () => import('./toxic/remove.ts')),
  },
})
