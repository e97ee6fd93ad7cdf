import { flowPath } from '#chaos/derived/file/load-flow.ts'
import { system } from '#chaos/system.ts'

import type { AnyCommand, CommandEntry } from '../command.ts'
import { flowCommand } from '../xray/flow-command.ts'

const flowEntries = Object.entries(system.flows).map(
  ([flow, { description }]): [string, CommandEntry] => [
    flow,
    { description, load: async () => flowCommand(flow) },
  ],
)

const [first = ''] = Object.keys(system.flows)

/** Without a sub-command it X-rays the first flow. */
const command: AnyCommand = {
  ...flowCommand(first, {
    file: {
      type: 'positional',
      required: false,
      description:
        'A flow file (checkout.flow.yaml) or a module with one function, instead of a flow.',
    },
  }),
  argumentForm: flowPath,
  about: `Crosses each message of one order, of one product page or of one quote with every way to lose it, and reports what happened. Without a command it X-rays ${first}. Starts its own sandboxes and stops them at the end; in Docker it uses the running sandbox and restores the shop at the end. Exit status: 0 no cell is broken, 1 some cells are broken, 2 some cells have no result.`,
  examples: [
    'unhappy xray',
    'unhappy xray place-order --quick',
    'unhappy xray retry-order --exercise my-work/double-charge',
    'unhappy xray browse --lab lab-zero --version start',
    'unhappy xray place-order --lab dual-write --version start',
    'unhappy xray my.flow.yaml',
    'unhappy xray replay s07/reply-cut',
    'unhappy xray diff before.json after.json',
  ],
  subCommands: {
    ...Object.fromEntries(flowEntries),
    replay: {
      description: 'Run one cell of an X-ray again and print its story.',
      load: async () => (await import('./xray/replay.ts')).default,
    },
    diff: {
      description: 'Compare two X-rays: which cells are fixed, which are newly broken.',
      load: async () => (await import('./xray/diff.ts')).default,
    },
  },
}
export default command
