import { livingError } from '#chaos/adopt/compose/apply/living-adoptions.ts'
import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { drainLinks } from '../adopt/drain-links.ts'
import { releaseLeftovers } from '../adopt/release-leftovers.ts'
import type { ReleasedLeftovers } from '../adopt/release-leftovers.ts'
import { watchEnded } from '../adopt/watch-ended.ts'
import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { withProgramName } from '../program-name.ts'
import { endSilentSandbox } from '../sandbox/end-silent-sandbox.ts'
import { knownSandboxes } from '../sandbox/find.ts'
import type { KnownSandbox } from '../sandbox/find.ts'
import { isGoneWithin } from '../sandbox/is-gone.ts'

const goneWithinMs = 30_000

export default defineCommand({
  about:
    'Removes the links and their networks from adopted projects, and stops their controllers. The containers of the project keep running. Also finds by their labels what a killed controller has left. Leaves an adoption alone while its controller of another home (UNHAPPY_HOME) runs.',
  args: {
    drain: {
      type: 'string',
      valueHint: 'duration',
      description:
        'Let open connections through the links end by themselves, at most this long: 15s. Default: they are reset half a second after new ones have reached the real services.',
    },
  },
  examples: ['unhappy release', 'unhappy release --drain 15s', 'unhappy release --json'],
  run: async ({ args, cli }) => {
    const drainMs = args.drain === undefined ? 0 : parseDuration(args.drain)
    const adopted = (await knownSandboxes(cli)).filter(
      ({ file }) =>
        file.runtime === 'adopted' && (cli.slot === undefined || file.slot === cli.slot),
    )
    const ended = await watchEnded(cli.clock)
    const errors: unknown[] = []
    for (const sandbox of adopted) {
      cli.err.line(`Releasing sandbox ${sandbox.file.slot} ...`)
      await end(cli, sandbox, drainMs).catch((error: unknown) => errors.push(error))
    }
    const { left, living } = await leftovers(cli.clock, adopted.length > 0)
    if (errors.length > 0) throw errors[0]
    const refusals = living.map(livingError)
    // The error of this command, if it had nothing else to do.
    const refusal = adopted.length + left.length === 0 ? refusals.shift() : undefined
    for (const { message, remedy = '' } of refusals)
      cli.err.line(`${message} ${withProgramName(remedy, cli.program)}`)
    if (refusal !== undefined) throw refusal
    if (cli.json)
      cli.out.line(JSON.stringify({ released: adopted.map(({ file }) => file.slot), left, living }))
    else {
      for (const { project, networks, containers } of left)
        cli.err.line(
          `Removed what was left of ${project}: ${networks} networks, ${containers} containers.`,
        )
      cli.err.line(
        adopted.length + left.length === 0
          ? 'No project is adopted.'
          : living.length > 0
            ? 'Released.'
            : 'Released. No network and no container of Unhappy Path is left.',
      )
    }
    const services = await ended()
    if (services.length > 0)
      cli.err.line(
        `Ended when its connections were reset: ${services.join(', ')}. Start it again: docker compose start ${services.join(' ')}`,
      )
  },
})

/** Processes of a system file run without an engine: then there is nothing to find. */
async function leftovers(clock: Clock, released: boolean): Promise<ReleasedLeftovers> {
  try {
    return await releaseLeftovers(clock)
  } catch (error) {
    if (released && error instanceof InputError) return { left: [], living: [] }
    throw error
  }
}

async function end(cli: Cli, sandbox: KnownSandbox, drainMs: number): Promise<void> {
  if (sandbox.state === 'silent') return await endSilentSandbox(cli, sandbox)
  const client = createApiClient(sandbox.file, cli.clock, cli.signal)
  const left = drainMs === 0 ? 0 : await drainLinks(cli, client, drainMs)
  if (left > 0)
    cli.err.line(`${left === 1 ? 'One connection is' : `${left} connections are`} reset.`)
  try {
    await client.takeDown()
  } catch (error) {
    throw new InputError(`The controller did not accept the release: ${messageOf(error)}`)
  }
  if (await isGoneWithin(cli, sandbox, goneWithinMs)) return
  throw new InputError(
    `The controller (process ${sandbox.file.pid}) still runs after ${goneWithinMs / 1_000} s.`,
    { remedy: `Kill it, then release again: kill -9 ${sandbox.file.pid}` },
  )
}
