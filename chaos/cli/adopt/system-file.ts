import { resolve } from 'node:path'

import { readSystemFile, systemFileVariables } from '#chaos/adopt/processes/adopted-file.ts'
import type { SandboxView } from '#chaos/contracts/api.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import type { Cli } from '../cli.ts'
import { exitStatus } from '../exit-status.ts'
import { withProgramName } from '../program-name.ts'
import { dashboardUrl } from '../sandbox/dashboard-url.ts'
import { followSandbox } from '../sandbox/follow-sandbox.ts'
import { launchSandbox } from '../sandbox/launch.ts'
import { definitions, textTable } from '../ui/text-table.ts'

/** A list of processes, stores and links. */
export function isSystemFile(argument: string): boolean {
  return /\.ya?ml$/.test(argument)
}

/** Starts the processes of a system file, and puts a link in the place of each of their connections. */
export async function adoptSystemFile(
  cli: Cli,
  file: string,
  { detached }: { readonly detached: boolean },
): Promise<number> {
  const path = resolve(file)
  const { name } = await readSystemFile(path)
  const startedAt = cli.clock.now()
  cli.err.line(`Starting ${name} ...`)
  await using sandbox = await launchSandbox(cli, {
    ephemeral: false,
    detached,
    adoption: systemFileVariables(path),
    onProgress: (text) => cli.err.line(cli.err.colours.dim(`  ${text}`)),
  })
  const show = async (): Promise<number> => {
    const view = await sandbox.client.sandbox()
    if (cli.json) cli.out.line(JSON.stringify(view))
    else {
      const took = formatDuration(Math.round(cli.clock.now() - startedAt))
      const dashboard = await dashboardUrl(sandbox.client)
      cli.out.line(processesText(view, { cli, took, dashboard, detached }))
    }
    return view.lastSeq
  }
  if (!detached) return await followSandbox(cli, sandbox, show)
  await show()
  sandbox.detach()
  return exitStatus.held
}

function processesText(
  view: SandboxView,
  given: {
    readonly cli: Cli
    readonly took: string
    readonly dashboard: string
    readonly detached: boolean
  },
): string {
  const { cli, took, dashboard, detached } = given
  const { bold, dim, green } = cli.out.colours
  const width = cli.out.columns
  const unhappy = (text: string): string => withProgramName(text, cli.program)
  const { name, links } = view.system
  const example = links.find(({ caller }) => caller !== 'client')?.name ?? links[0]?.name ?? ''
  const rows = links.map((link) => [
    link.name,
    link.protocol,
    view.links.find((status) => status.name === link.name)?.listen ?? '',
  ])
  return [
    `${green(bold(`${name} is ready, with ${links.length} links`))} after ${took}.`,
    '',
    textTable([{ title: 'link' }, { title: 'protocol' }, { title: 'address' }], rows, {
      width,
      heading: dim,
    }),
    '',
    definitions(
      [
        ['Dashboard', dashboard],
        ['Links', `${view.urls.proxy}  (Toxiproxy's API)`],
      ],
      { width, indent: 2 },
    ),
    '',
    bold(detached ? 'Try this' : 'Try this in another terminal'),
    `  ${unhappy(`unhappy inject latency ${example} --latencyMs 500 --for 30s`)}`,
    `  ${unhappy('unhappy status')}`,
    `  ${unhappy('unhappy xray FLOW.flow.yaml')}  ${dim('# breaks every message of one flow')}`,
    '',
    detached
      ? `Stop it: ${unhappy('unhappy release')}`
      : `Ctrl-C stops it. In another terminal: ${unhappy('unhappy release')}`,
  ].join('\n')
}
