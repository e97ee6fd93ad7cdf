import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { connectEngine } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'

import { openAdoptedProject } from './adopted-project.ts'
import { readCommands } from './read-commands.ts'

const run = promisify(execFile)
const program = 'node -e setInterval(String,1e3)'
/** Like nodemon: the container goes on when the program has ended. */
const supervisor = `${program} & echo $! > /tmp/pid; wait; sleep 600`.replace(
  'setInterval(String,1e3)',
  "'setInterval(String,1e3)'",
)

/** A container with this supervisor, as the service `api` of a Compose project. Disposing removes it. */
async function startSupervised(project: string): Promise<AsyncDisposable> {
  const labels = ['project=' + project, 'service=api', 'container-number=1', 'oneoff=False']
  const options = labels.flatMap((label) => ['--label', `com.docker.compose.${label}`])
  const command = ['node:24-slim', 'sh', '-c', supervisor]
  await run('docker', ['run', '--detach', '--name', project, ...options, ...command])
  return {
    [Symbol.asyncDispose]: async () => void (await run('docker', ['rm', '--force', project])),
  }
}

describeWithDocker('the processes of an adopted container', () => {
  test('a program that ends in a container that still runs is no longer one of its commands', async () => {
    const name = `unhappy-commands-${process.pid}`
    await using _container = await startSupervised(name)
    const project = openAdoptedProject({
      docker: await connectEngine(),
      name,
      image: '',
      instances: [{ name: 'api', service: 'api', number: 1 }],
      topology: { instances: [], stores: [], links: [] },
    })
    const commands = async () => await readCommands(project, 'api')
    await expect.poll(commands, { timeout: 10_000 }).toContain(program)
    await run('docker', ['exec', name, 'sh', '-c', 'kill -9 $(cat /tmp/pid)'])
    await expect.poll(commands, { timeout: 10_000 }).not.toContain(program)
    expect(await commands()).toContain('sleep 600')
  })
})
