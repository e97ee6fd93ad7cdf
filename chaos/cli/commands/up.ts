import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { exitStatus } from '../exit-status.ts'
import { dashboardUrl } from '../sandbox/dashboard-url.ts'
import { doesNotRespond, knownSandboxes } from '../sandbox/find.ts'
import { followSandbox } from '../sandbox/follow-sandbox.ts'
import { launchSandbox } from '../sandbox/launch.ts'
import { readyScreen } from '../ui/ready-screen.ts'

export default defineCommand({
  about:
    'Stays in the foreground and prints events. Ctrl-C stops the sandbox; so does `unhappy down` in another terminal (exit status 0). Exit status 3 if the sandbox ends in any other way. With --detach the sandbox runs in the background until `unhappy down`.',
  args: {
    detach: { type: 'boolean', alias: 'd', description: 'Start the sandbox in the background.' },
    otel: {
      type: 'boolean',
      description:
        'Export traces, metrics and logs over OTLP to $OTEL_EXPORTER_OTLP_ENDPOINT (default http://127.0.0.1:4318), and serve metrics about faults.',
    },
    another: { type: 'boolean', description: 'Start one even if another one is running.' },
  },
  examples: ['unhappy up', 'unhappy up --detach', 'unhappy up --otel'],
  run: async ({ args, cli }) => {
    await rejectSecond(cli, args.another === true)
    const startedAt = cli.clock.now()
    cli.err.line('Starting the sandbox ...')
    await using sandbox = await launchSandbox(cli, {
      ephemeral: false,
      detached: args.detach === true,
      otel: args.otel === true,
      onProgress: (text) => cli.err.line(cli.err.colours.dim(`  ${text}`)),
    })
    const took = formatDuration(cli.clock.now() - startedAt)
    const show = async (): Promise<number> => {
      const view = await sandbox.client.sandbox()
      if (cli.json) cli.out.line(JSON.stringify(view))
      else {
        const dashboard = await dashboardUrl(sandbox.client)
        cli.out.line(readyScreen(view, { cli, took, dashboard, detached: args.detach === true }))
      }
      return view.lastSeq
    }
    if (args.detach !== true) return await followSandbox(cli, sandbox, show)
    await show()
    sandbox.detach()
    return exitStatus.held
  },
})

/** Also with --another: a silent sandbox keeps its slot. */
async function rejectSecond(cli: Cli, another: boolean): Promise<void> {
  const { slot } = cli
  const known = (await knownSandboxes(cli)).filter(
    ({ file }) => (slot === undefined && !file.ephemeral) || file.slot === slot,
  )
  const silent = known.find(({ state }) => state === 'silent')
  if (silent !== undefined && (!another || silent.file.slot === slot))
    throw doesNotRespond(silent.file)
  const [second] = known
  if (another || second === undefined) return
  const { file } = second
  throw new InputError(
    `A sandbox is already running: number ${file.slot}, ${file.url}, since ${file.startedAt}.`,
    {
      remedy:
        'See it: unhappy status   Stop it: unhappy down   Start a second one: unhappy up --another',
    },
  )
}
