import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'

import { asTyped } from '../as-typed.ts'
import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { runningSandboxes } from '../sandbox/find.ts'
import { faultTable, instanceTable, linkLines, truthLine } from '../ui/sandbox-view.ts'

export default defineCommand({
  about: 'Lists every sandbox of this project. Exit status 0 when one is up, 2 when none is.',
  examples: ['unhappy status', 'unhappy status --json'],
  run: async ({ cli }) => {
    const running = await runningSandboxes(cli)
    const chosen = running.filter((file) => cli.slot === undefined || file.slot === cli.slot)
    const views = await Promise.all(chosen.map((file) => viewOf(cli, file)))
    if (cli.json) cli.out.line(JSON.stringify(views))
    else if (views.length === 0)
      cli.out.line(asTyped('No sandbox is running. Start one: unhappy up', cli.program))
    else cli.out.line(views.map((view) => text(cli, view)).join('\n\n'))
    return views.length === 0 ? 2 : 0
  },
})

async function viewOf(cli: Cli, file: SandboxFile): Promise<SandboxView> {
  return createApiClient(file, cli.clock, cli.signal).sandbox()
}

function text(cli: Cli, view: SandboxView): string {
  const { bold, green, red, yellow } = cli.out.colours
  const state = view.ready ? green('ready') : yellow('not ready')
  const halted = view.halted
    ? red(asTyped(' HALTED: new faults are refused (unhappy halt --lift)', cli.program))
    : ''
  return [
    `${bold(`Sandbox ${view.slot}`)} ${state}${halted}  ${view.urls.dashboard}  (${view.runtime}, version ${view.version})`,
    view.run === null ? '' : `Run ${view.run} has it now.`,
    instanceTable(view.instances, cli.out),
    linkLines(view.links, cli.out),
    faultTable(view.faults, cli.out),
    truthLine(view.truth),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
