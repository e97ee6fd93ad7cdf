import { type FlowName, flows } from '#chaos/xray/planning/flows.ts'

import type { AnyCommand, CommandEntry } from '../command.ts'
import { flowCommand } from '../xray/flow-command.ts'

const flowEntries = (Object.keys(flows) as FlowName[]).map((flow): [string, CommandEntry] => [
  flow,
  { description: flows[flow], load: async () => flowCommand(flow) },
])

/** Without a flow: place-order. */
const command: AnyCommand = {
  ...flowCommand('place-order'),
  about:
    'Does to each message of one business transaction everything that can happen to a message, and says what became of the order. Starts sandboxes of its own and takes them down again. Exit status: 0 nothing is broken, 1 something is, 2 some cells say nothing.',
  examples: [
    'unhappy xray',
    'unhappy xray place-order --quick',
    'unhappy xray retry-order --exercise my-work/double-charge',
    'unhappy xray place-order --lab dual-write --version start',
    'unhappy xray replay s07/reply-cut',
    'unhappy xray diff before.json after.json',
  ],
  subCommandWord: 'flow',
  subCommands: {
    ...Object.fromEntries(flowEntries),
    replay: {
      description: 'Run one cell of an X-ray again, and tell its story',
      load: async () => (await import('./xray/replay.ts')).default,
    },
    diff: {
      description: 'Lay two X-rays side by side: what is fixed, what is new',
      load: async () => (await import('./xray/diff.ts')).default,
    },
  },
}
export default command
