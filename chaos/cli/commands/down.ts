import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox, runningSandboxes } from '../sandbox/find.ts'

const goneWithinMs = 30_000
const pollMs = 50

export default defineCommand({
  about:
    'Stops the shop, its stores, its links and the controller. Keeps your code in my-work/ and past runs.',
  args: { all: { type: 'boolean', description: 'Stop every sandbox of this project.' } },
  examples: ['unhappy down', 'unhappy down --sandbox 1', 'unhappy down --all'],
  run: async ({ args, cli }) => {
    const files = args.all ? await runningSandboxes(cli) : [(await requireSandbox(cli)).file]
    for (const file of files) {
      cli.err.line(`Stopping sandbox ${file.slot} ...`)
      await stopSandbox(cli, file)
    }
    if (cli.json) cli.out.line(JSON.stringify({ down: files.map((file) => file.slot) }))
    else
      cli.err.line(
        files.length === 0 ? 'No sandbox is running.' : 'Stopped. No process of it is left.',
      )
  },
})

async function stopSandbox(cli: Cli, file: SandboxFile): Promise<void> {
  if (file.runtime === 'docker')
    throw new InputError(`Sandbox ${file.slot} runs in Docker.`, {
      remedy: 'Stop it where it was started: docker compose down',
    })
  await createApiClient(file, cli.clock, cli.signal).takeDown()
  const deadline = cli.clock.now() + goneWithinMs
  while (isAlive(file.pid)) {
    if (cli.clock.now() > deadline)
      throw new InputError(
        `The controller of sandbox ${file.slot} (process ${file.pid}) still runs after ${goneWithinMs / 1000} s.`,
        {
          remedy: `Read ${cli.home.sandboxes}/controller.log. Kill it if nothing else helps: kill -9 ${file.pid}`,
        },
      )
    await cli.clock.sleep(pollMs, cli.signal)
  }
}

/** Whether a process with that id exists, even one of another user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
