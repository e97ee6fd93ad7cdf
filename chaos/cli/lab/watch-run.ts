import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'

import type { Cli } from '../cli.ts'
import { createProgress } from '../ui/progress.ts'

const pollMs = 1_000
const abortWithinMs = 10_000

/**
 * Shows the run on the terminal until it is over, and returns how it ended. When the user gives up, the run is aborted
 * first: the sandbox is free again.
 */
export async function watchRun(
  cli: Cli,
  client: ApiClient,
  started: RunView,
  after: number,
): Promise<RunView> {
  using progress = createProgress(cli)
  const over = new AbortController()
  const follow = async (): Promise<void> => {
    const events = client.events({ run: started.id }, after, over.signal)
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
    // A run that fails before it begins tells no end; polling hears of that.
    await Promise.race([follow(), poll()])
    return await settled(cli, client, started.id)
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

/** The last event comes a moment before the run's files are written. */
async function settled(cli: Cli, client: ApiClient, id: string): Promise<RunView> {
  for (;;) {
    const view = await client.runView(id)
    if (view.state !== 'running') return view
    await cli.clock.sleep(50, cli.signal)
  }
}

async function abort(cli: Cli, { file }: ApiClient, id: string): Promise<void> {
  cli.err.line('Aborting the run ...')
  const patient = createApiClient(file, cli.clock, AbortSignal.timeout(abortWithinMs))
  await patient.abort(id).catch((error: unknown) => {
    cli.err.line(`It could not be aborted: ${String(error)}`)
  })
}
