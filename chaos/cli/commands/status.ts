import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { withProgramName } from '../program-name.ts'
import { runningSandboxes } from '../sandbox/find.ts'
import { findLeftovers } from '../sandbox/leftovers.ts'
import { sandboxText } from '../ui/sandbox-text.ts'

export default defineCommand({
  about:
    'Prints every running sandbox of this project. A part that does not respond is unknown. Also names what dead sandboxes left. Exit status 0 if at least one sandbox responds, 2 if none does.',
  examples: ['unhappy status', 'unhappy status --json'],
  run: async ({ cli }) => {
    const running = await runningSandboxes(cli)
    const chosen = running.filter((file) => cli.slot === undefined || file.slot === cli.slot)
    const views = await Promise.all(chosen.map((file) => viewOf(cli, file)))
    if (cli.json) cli.out.line(JSON.stringify(views))
    else if (views.length > 0)
      cli.out.line(views.map((view) => sandboxText(view, cli.out, cli.program)).join('\n\n'))
    else cli.out.line(withProgramName(noneText(cli.slot, running), cli.program))
    for (const { what, remedy } of await findLeftovers(cli))
      cli.err.line(cli.err.colours.yellow(withProgramName(`${what} ${remedy}`, cli.program)))
    return views.length === 0 ? 2 : 0
  },
})

function noneText(slot: number | undefined, running: readonly SandboxFile[]): string {
  if (running.length === 0) return 'No sandbox is running. Start one: unhappy up'
  return `Sandbox ${slot} is not running. Running: ${running.map((file) => file.slot).join(', ')}.`
}

async function viewOf(cli: Cli, file: SandboxFile): Promise<SandboxView> {
  return createApiClient(file, cli.clock, cli.signal).sandbox()
}
