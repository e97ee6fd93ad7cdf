import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox, runningSandboxes } from '../sandbox/find.ts'
import { isAlive } from '../sandbox/is-alive.ts'

const goneWithinMs = 30_000
const pollMs = 50

export default defineCommand({
  about:
    'Ends the shop, its stores, its links and the controller. Code in my-work/ and past runs stay.',
  args: { all: { type: 'boolean', description: 'Every sandbox of this project.' } },
  examples: ['unhappy down', 'unhappy down --sandbox 1', 'unhappy down --all'],
  run: async ({ args, cli }) => {
    const files = args.all ? await runningSandboxes(cli) : [(await requireSandbox(cli)).file]
    for (const file of files) {
      cli.err.line(`Taking sandbox ${file.slot} down ...`)
      await takeDown(cli, file)
    }
    if (cli.json) cli.out.line(JSON.stringify({ down: files.map((file) => file.slot) }))
    else
      cli.err.line(files.length === 0 ? 'No sandbox is running.' : 'Down. Nothing is left running.')
  },
})

async function takeDown(cli: Cli, file: SandboxFile): Promise<void> {
  if (file.runtime === 'docker')
    throw new InputError(`Sandbox ${file.slot} runs in Docker.`, {
      remedy: 'Take it down where it was started: docker compose down',
    })
  await createApiClient(file, cli.clock, cli.signal).takeDown()
  const deadline = cli.clock.now() + goneWithinMs
  while (isAlive(file.pid)) {
    if (cli.clock.now() > deadline)
      throw new InputError(
        `The controller of sandbox ${file.slot} (process ${file.pid}) is still there after ${goneWithinMs / 1000} s.`,
        {
          remedy: `Look at ${cli.home.sandboxes}/controller.log; the last resort is: kill -9 ${file.pid}`,
        },
      )
    await cli.clock.sleep(pollMs, cli.signal)
  }
}
