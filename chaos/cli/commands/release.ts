import { createApiClient } from '#chaos/api/client/api-client.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { releaseLeftovers } from '../adopt/release-leftovers.ts'
import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { endSilentSandbox } from '../sandbox/end-silent-sandbox.ts'
import { knownSandboxes } from '../sandbox/find.ts'
import type { KnownSandbox } from '../sandbox/find.ts'
import { isGoneWithin } from '../sandbox/is-gone.ts'

const goneWithinMs = 30_000

export default defineCommand({
  about:
    'Removes the links and their networks from adopted projects, and stops their controllers. The containers of the project keep running. Also finds by their labels what a killed controller has left.',
  examples: ['unhappy release', 'unhappy release --json'],
  run: async ({ cli }) => {
    const adopted = (await knownSandboxes(cli)).filter(
      ({ file }) =>
        file.runtime === 'adopted' && (cli.slot === undefined || file.slot === cli.slot),
    )
    const errors: unknown[] = []
    for (const sandbox of adopted) {
      cli.err.line(`Releasing sandbox ${sandbox.file.slot} ...`)
      await end(cli, sandbox).catch((error: unknown) => errors.push(error))
    }
    const left = await leftovers(cli, adopted.length > 0)
    if (errors.length > 0) throw errors[0]
    if (cli.json)
      cli.out.line(JSON.stringify({ released: adopted.map(({ file }) => file.slot), left }))
    else {
      for (const { project, networks, containers } of left)
        cli.err.line(
          `Removed what was left of ${project}: ${networks} networks, ${containers} containers.`,
        )
      cli.err.line(
        adopted.length + left.length === 0
          ? 'No project is adopted.'
          : 'Released. No network and no container of Unhappy Path is left.',
      )
    }
  },
})

/** Processes of a system file run without an engine: then there is nothing to find. */
async function leftovers(cli: Cli, released: boolean): ReturnType<typeof releaseLeftovers> {
  try {
    return await releaseLeftovers(cli)
  } catch (error) {
    if (released && error instanceof InputError) return []
    throw error
  }
}

async function end(cli: Cli, sandbox: KnownSandbox): Promise<void> {
  if (sandbox.state === 'silent') return await endSilentSandbox(cli, sandbox)
  try {
    await createApiClient(sandbox.file, cli.clock, cli.signal).takeDown()
  } catch (error) {
    throw new InputError(`The controller did not accept the release: ${messageOf(error)}`)
  }
  if (await isGoneWithin(cli, sandbox, goneWithinMs)) return
  throw new InputError(
    `The controller (process ${sandbox.file.pid}) still runs after ${goneWithinMs / 1_000} s.`,
    { remedy: `Kill it, then release again: kill -9 ${sandbox.file.pid}` },
  )
}
