import { faults } from '#chaos/faults/index.ts'

import type { CommandEntry } from '../command.ts'
import { defineCommand } from '../command.ts'
import { faultCommand } from '../fault-command.ts'

const groups = {
  link: 'Faults on links',
  instance: 'Faults on instances',
  store: 'Faults on stores',
}

/** One sub-command per fault, made from the fault's schema. */
export default defineCommand({
  about:
    'A fault ends after --for (at most 10 minutes) or with `unhappy heal`. A target may be a pattern; put it in quotes.',
  examples: [
    "unhappy inject latency 'worker-*:payments' --latencyMs 200 --for 30s",
    'unhappy inject crash api-2 --downFor 5s',
    'unhappy inject latency --help',
  ],
  subCommandNoun: 'fault',
  subCommands: Object.fromEntries(
    Object.values(faults).map((fault): [string, CommandEntry] => [
      fault.kind,
      {
        description: fault.description,
        group: groups[fault.target],
        load: async () => faultCommand(fault),
      },
    ]),
  ),
})
