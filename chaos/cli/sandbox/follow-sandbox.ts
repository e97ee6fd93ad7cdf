import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { exitStatus } from '../exit-status.ts'
import { eventLine } from '../ui/event-line.ts'
import type { LaunchedSandbox } from './launch.ts'

/** As long as `unhappy down` waits. */
const endsWithinMs = 30_000

type Follower = Pick<Cli, 'err' | 'json' | 'signal' | 'clock'>
type Followed = Pick<LaunchedSandbox, 'ended'> & { readonly client: Pick<ApiClient, 'events'> }

/**
 * Calls `show`, then prints events until Ctrl-C, or until another command stops the sandbox. `show` returns the number of the
 * last event that it has shown. Returns the exit status. Throws {@link InputError} if the sandbox ends in any other way.
 */
export async function followSandbox(
  cli: Follower,
  sandbox: Followed,
  show: () => Promise<number>,
): Promise<number> {
  try {
    await printEvents(cli, sandbox, await show())
  } catch (error) {
    // A controller that shuts down does not respond. It ends soon.
    if (!cli.signal.aborted && !(await endsSoon(cli, sandbox))) throw error
  }
  if (cli.signal.aborted) {
    cli.err.line('Stopping the sandbox ...')
    return exitStatus.held
  }
  const end = await sandbox.ended
  if (!end.inOrder) throw new InputError(`The controller ended unexpectedly (${end.how})`)
  cli.err.line(
    end.by === 'api'
      ? 'The sandbox was stopped by another command (unhappy down).'
      : 'The sandbox has stopped.',
  )
  return exitStatus.held
}

async function printEvents(cli: Follower, sandbox: Followed, lastSeq: number): Promise<void> {
  const over = new AbortController()
  void sandbox.ended.then(() => over.abort())
  const events = sandbox.client.events(
    { types: ['fault', 'halt', 'run', 'instance', 'note'] },
    lastSeq,
    over.signal,
  )
  for await (const event of events) {
    const text = eventLine(event, cli.err.colours)
    if (text !== undefined && !cli.json) cli.err.line(text)
  }
}

async function endsSoon(cli: Follower, sandbox: Followed): Promise<boolean> {
  const enough = new AbortController()
  const late = cli.clock.sleep(endsWithinMs, AbortSignal.any([cli.signal, enough.signal])).then(
    () => false,
    () => true,
  )
  const ended = await Promise.race([sandbox.ended.then(() => true), late])
  enough.abort()
  return ended
}
