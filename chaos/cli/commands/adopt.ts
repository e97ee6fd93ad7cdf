import { adoptionVariables } from '#chaos/adopt/adoption-variable.ts'
import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { adoptionText } from '../adopt/adoption-text.ts'
import { repeatedOption } from '../adopt/repeated-option.ts'
import { restartParts, restartUncut } from '../adopt/restart-uncut.ts'
import { isSystemFile, adoptSystemFile } from '../adopt/system-file.ts'
import { defineCommand } from '../command.ts'
import { exitStatus } from '../exit-status.ts'
import { dashboardUrl } from '../sandbox/dashboard-url.ts'
import { knownSandboxes } from '../sandbox/find.ts'
import { followSandbox } from '../sandbox/follow-sandbox.ts'
import { launchSandbox } from '../sandbox/launch.ts'

export default defineCommand({
  about:
    'Finds the running Compose project of this folder, or starts it with `docker compose up --detach`. Puts links between its services while it runs: no file is edited, and no container is recreated or restarted. Stays in the foreground and prints events. Ctrl-C puts everything back; so does `unhappy release`. With --detach it stays in the background.',
  args: {
    system: {
      type: 'positional',
      required: false,
      description: 'A system file (system.yaml) instead of a Compose project.',
    },
    file: {
      type: 'string',
      alias: 'f',
      valueHint: 'file',
      description: 'A Compose file. May be given several times, as for docker compose.',
    },
    project: {
      type: 'string',
      alias: 'p',
      valueHint: 'name',
      description: "Name of the Compose project. Default: Compose's own choice.",
    },
    profile: {
      type: 'string',
      valueHint: 'name',
      description: 'A profile of the Compose file. May be given several times.',
    },
    cut: {
      type: 'boolean',
      description:
        'Cut connections that were open before: their clients connect again, through the links.',
    },
    restart: {
      type: 'boolean',
      description:
        'With --cut: restart each container whose connections this kernel cannot cut. Without it, you are asked first.',
    },
    detach: { type: 'boolean', alias: 'd', description: 'Stay in the background.' },
  },
  examples: [
    'unhappy adopt',
    'unhappy adopt -f compose.yaml -f compose.dev.yaml',
    'unhappy adopt --cut',
  ],
  run: async ({ args, rawArgs, cli }) => {
    if (args.restart === true && args.cut !== true)
      throw new InputError('--restart is only for connections that --cut cannot cut.', {
        remedy: 'Add --cut: unhappy adopt --cut --restart',
      })
    await refuseSecond(cli)
    if (args.system !== undefined && isSystemFile(args.system))
      return await adoptSystemFile(cli, args.system, { detached: args.detach === true })
    if (args.system !== undefined)
      throw new InputError(`"${args.system}" is not a system file.`, {
        remedy: 'Name a Compose file with -f, or a system file that ends in .yaml or .yml.',
      })
    let report: AdoptionReport | undefined
    await using sandbox = await launchSandbox(cli, {
      ephemeral: false,
      detached: args.detach === true,
      adoption: adoptionVariables({
        folder: process.cwd(),
        files: repeatedOption(rawArgs, 'file', 'f'),
        profiles: repeatedOption(rawArgs, 'profile'),
        ...(args.project === undefined ? {} : { project: args.project }),
        image: cli.environment['UNHAPPY_IMAGE'] || 'unhappy-path',
        cut: args.cut === true,
      }),
      onProgress: (text) => cli.err.line(cli.err.colours.dim(`  ${text}`)),
      onAdopted: (adopted) => void (report = adopted),
    })
    const show = async (): Promise<number> => {
      const view = await sandbox.client.sandbox()
      if (report === undefined) throw new Error('The controller did not report its adoption.')
      const parts = restartParts(cli, { project: report.project, agreed: args.restart === true })
      const restarted = await restartUncut(cli, report.uncut, parts)
      if (restarted.length > 0)
        report = { ...report, uncut: [], direct: await sandbox.client.directConnections() }
      if (cli.json) cli.out.line(JSON.stringify({ ...report, slot: view.slot, urls: view.urls }))
      else {
        const dashboard = await dashboardUrl(sandbox.client)
        cli.out.line(adoptionText(report, view, { cli, dashboard, detached: args.detach === true }))
      }
      return view.lastSeq
    }
    if (args.detach !== true) return await followSandbox(cli, sandbox, show)
    await show()
    sandbox.detach()
    return exitStatus.held
  },
})

async function refuseSecond(cli: Parameters<typeof knownSandboxes>[0]): Promise<void> {
  const other = (await knownSandboxes(cli)).find(({ file }) => file.runtime === 'adopted')
  if (other === undefined) return
  throw new InputError(
    `A system is already adopted: sandbox ${other.file.slot}, since ${other.file.startedAt}.`,
    { remedy: 'See it: unhappy status   Put it back: unhappy release' },
  )
}
