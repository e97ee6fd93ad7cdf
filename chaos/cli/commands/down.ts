import { createApiClient } from '#chaos/api/client/api-client.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { endSilentSandbox } from '../sandbox/end-silent-sandbox.ts'
import { knownSandboxes, noSandbox, selectSandbox } from '../sandbox/find.ts'
import type { KnownSandbox } from '../sandbox/find.ts'
import { isGoneWithin } from '../sandbox/is-gone.ts'
import { removeLeftovers } from '../sandbox/leftovers.ts'

const goneWithinMs = 30_000

export default defineCommand({
  about:
    'Stops the shop, its stores, its links and the controller. Keeps your code in my-work/ and past runs. A controller that does not respond is killed. --all also cleans up what dead sandboxes left: processes, ports, folders, and containers in Docker whose controller is dead.',
  args: {
    all: {
      type: 'boolean',
      description: 'Stop every sandbox of this project, and clean up after dead ones.',
    },
  },
  examples: ['unhappy down', 'unhappy down --sandbox 1', 'unhappy down --all'],
  run: async ({ args, cli }) => {
    const sandboxes = args.all ? await knownSandboxes(cli) : [await requireKnown(cli)]
    // What is left of dead sandboxes is cleaned up even if a sandbox cannot be stopped.
    const errors: unknown[] = []
    for (const sandbox of sandboxes) {
      cli.err.line(`Stopping sandbox ${sandbox.file.slot} ...`)
      await stopSandbox(cli, sandbox).catch((error: unknown) => errors.push(error))
    }
    const cleanedUp = args.all ? await removeLeftovers(cli) : []
    for (const line of cleanedUp) cli.err.line(line)
    if (errors.length > 0) throw errors[0]
    if (cli.json)
      cli.out.line(JSON.stringify({ down: sandboxes.map(({ file }) => file.slot), cleanedUp }))
    else
      cli.err.line(
        sandboxes.length === 0 ? 'No sandbox is running.' : 'Stopped. No process of it is left.',
      )
  },
})

async function requireKnown(cli: Cli): Promise<KnownSandbox> {
  const selected = await selectSandbox(cli)
  if (selected === undefined) throw noSandbox()
  return selected
}

async function stopSandbox(cli: Cli, sandbox: KnownSandbox): Promise<void> {
  const { file, state } = sandbox
  if (file.runtime === 'docker')
    throw new InputError(`Sandbox ${file.slot} runs in Docker.`, {
      remedy: 'Stop it where it was started: docker compose down',
    })
  if (state === 'silent') return await endSilentSandbox(cli, sandbox)
  await createApiClient(file, cli.clock, cli.signal).takeDown()
  if (await isGoneWithin(cli, sandbox, goneWithinMs)) return
  throw new InputError(
    `The controller of sandbox ${file.slot} (process ${file.pid}) still runs after ${goneWithinMs / 1000} s.`,
    {
      remedy: `Read ${cli.home.sandboxes}/controller.log. Kill it if nothing else helps: kill -9 ${file.pid}`,
    },
  )
}
