import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { createProgressDisplay } from '../ui/progress-display.ts'

const pollMs = 1_000
const abortWithinMs = 10_000

/**
 * Starts a run with a POST to `path`, shows its progress on the terminal and returns the finished run. Ctrl-C aborts the run
 * in the sandbox first.
 */
export async function watchRun(
  cli: Cli,
  client: ApiClient,
  start: () => Promise<RunView>,
): Promise<RunView> {
  const { lastSeq } = await client.sandbox()
  const started = await start()
  using progress = createProgressDisplay(cli)
  const over = new AbortController()
  const follow = async (): Promise<void> => {
    const events = client.events({ run: started.id }, lastSeq, over.signal)
    for await (const event of events) {
      progress.show(event)
      if (isEnd(event)) break
    }
  }
  const poll = async (): Promise<void> => {
    for (;;) {
      await cli.clock.sleep(pollMs, over.signal)
      const { state } = await client.runView(started.id)
      if (state !== 'running') return
    }
  }
  try {
    // A run that fails before it begins has no "ended" event. Polling notices its end.
    await Promise.race([follow(), poll()])
    return await finishedRun(cli, client, started.id)
  } catch (error) {
    if (cli.signal.aborted) await abort(cli, client, started.id)
    throw error
  } finally {
    over.abort()
  }
}

function isEnd(event: SandboxEvent): boolean {
  return event.type === 'run' && event.what === 'ended'
}

/** Waits until the run's files are written: that is shortly after its last event. */
async function finishedRun(cli: Cli, client: ApiClient, id: string): Promise<RunView> {
  for (;;) {
    const view = await client.runView(id)
    if (view.state !== 'running') return view
    await cli.clock.sleep(50, cli.signal)
  }
}

async function abort(cli: Cli, { file }: ApiClient, id: string): Promise<void> {
  cli.err.line('Aborting the run ...')
  // The client's own signal has aborted already.
  const controller = createApiClient(file, cli.clock, AbortSignal.timeout(abortWithinMs))
  await controller.abort(id).catch((error: unknown) => {
    cli.err.line(`The run could not be aborted: ${messageOf(error)}`)
  })
}
