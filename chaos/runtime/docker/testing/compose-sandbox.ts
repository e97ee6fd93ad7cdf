import { execFile } from 'node:child_process'
import { chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { DockerComposeEnvironment, Wait } from 'testcontainers'
import type { StartedDockerComposeEnvironment } from 'testcontainers'

import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'
import { system } from '#chaos/system.ts'

import { connectDockerRuntime } from '../index.ts'
import { takeSlot } from './take-slot.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../../', import.meta.url))
/** Files of the checkout that docker-compose.yml mounts. */
const mounted = [
  'docker-compose.yml',
  'chaos/runtime/docker/postgres-init.sql',
  'chaos/runtime/docker/postgres-replicas.sh',
  'chaos/runtime/docker/store-entrypoint',
]
/** They end at once. A replica starts again when its profile is on. */
export const endsAtOnce = /^(database|postgres-replica|redis-replica) exited/
const idle = 'chaos/runtime/docker/testing/without-controller.yml'
/** Four times the limit that the README gives for an idle machine. */
const healthyWithinMs = 120_000
const outputMaxBytes = 16 * 1024 * 1024

export interface ComposeSandboxOptions {
  /** Owner of the folder that stands for the checkout; absent: the user who runs the test. */
  readonly owner?: number
  /** The controller does nothing: the test uses the runtime itself. */
  readonly withoutController?: boolean
  /** Further Compose files, merged over the first. */
  readonly overlays?: readonly string[]
}

export interface ComposeSandbox extends AsyncDisposable {
  readonly project: string
  readonly slot: number
  /** Stands for the checkout: contains my-work/, runs/ and .unhappy/. */
  readonly folder: string
  readonly environment: StartedDockerComposeEnvironment
  /** A runtime like the controller's, but on the host. The caller disposes it. */
  connect(): Promise<Runtime>
  /** `docker compose ARGS` for this project; returns the output. */
  compose(...args: readonly string[]): Promise<string>
  /** `docker ARGS` */
  docker(...args: readonly string[]): Promise<string>
}

/**
 * Starts the real docker-compose.yml as a separate project and waits until every container is
 * healthy.
 */
export async function startComposeSandbox(
  options: ComposeSandboxOptions = {},
): Promise<ComposeSandbox> {
  await run('docker', ['compose', 'build', 'chaos'], { cwd: root, maxBuffer: outputMaxBytes })
  const taken = await takeSlot()
  const { slot } = taken
  const folder = await copyOfTheCheckout(options)
  const project = `unhappy-test-${slot}`
  const variables = {
    UNHAPPY_PORTS: String(localPort(slot, 0) / 100),
    UNHAPPY_PROXY_PORT: String(proxyApiPort + slot),
  }
  const { overlays = [], withoutController = false } = options
  const files = ['docker-compose.yml', ...overlays, ...(withoutController ? [idle] : [])]
  const compose = async (...args: readonly string[]): Promise<string> => {
    const where = ['--project-name', project, ...files.flatMap((file) => ['--file', file])]
    const all = ['compose', ...where, ...args]
    const settings = { cwd: folder, env: { ...process.env, ...variables } }
    return (await run('docker', all, { ...settings, maxBuffer: outputMaxBytes })).stdout
  }
  const remove = async (): Promise<void> => {
    await compose('down', '--volumes', '--timeout', '5')
    await rm(folder, { recursive: true, force: true })
    taken[Symbol.dispose]()
  }
  // A killed test may have left containers with the same names.
  await compose('down', '--volumes', '--timeout', '1')
  try {
    const environment = await new DockerComposeEnvironment(folder, [...files])
      .withProjectName(project)
      .withEnvironment(variables)
      // untilHealthy waits, because its error says what is not healthy.
      .withDefaultWaitStrategy(Wait.forAll([]))
      .up()
    await untilHealthy(compose)
    return {
      project,
      slot,
      folder,
      environment,
      compose,
      docker: async (...args) => (await run('docker', args, { maxBuffer: outputMaxBytes })).stdout,
      connect: async () =>
        await connectDockerRuntime({ system, project, standpoint: { at: 'outside', slot } }),
      [Symbol.asyncDispose]: remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}

async function untilHealthy(compose: ComposeSandbox['compose']): Promise<void> {
  const deadline = performance.now() + healthyWithinMs
  for (;;) {
    const text = await compose('ps', '--all', '--format', '{{.Service}} {{.State}} {{.Health}}')
    const waiting = text
      .split('\n')
      .filter((line) => line !== '' && !line.endsWith('running healthy'))
      .filter((line) => !endsAtOnce.test(line))
    if (waiting.length === 0) return
    if (performance.now() > deadline) {
      const names = waiting.map((line) => line.split(' ')[0] ?? '')
      const logs = await compose('logs', '--tail', '20', ...names)
      throw new Error(`Not healthy after ${healthyWithinMs} ms: ${waiting.join(', ')}.\n${logs}`)
    }
    await setTimeout(250)
  }
}

async function copyOfTheCheckout({ owner, overlays = [] }: ComposeSandboxOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-compose-'))
  for (const file of [...mounted, idle, ...overlays]) {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await cp(join(root, file), join(folder, file))
    if (owner !== undefined) await chown(join(folder, file), owner, owner)
  }
  return folder
}
