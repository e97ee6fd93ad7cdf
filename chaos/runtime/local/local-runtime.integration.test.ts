import { readFile, stat } from 'node:fs/promises'

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import type { InstanceEvent } from '#chaos/contracts/runtime.ts'
import { deploy } from '#chaos/faults/deploy.ts'
import { createWorld, requestOf } from '#chaos/faults/testing/describe-fault.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { restartAll } from '../restart-all.ts'
import { Supervisor } from '../supervisor.ts'
import type { LocalRuntime } from './local-runtime.ts'
import { startTinyRuntime } from './testing/start-tiny-runtime.ts'

let runtime: LocalRuntime
let events: InstanceEvent[] = []
const by = 'scenario'
const { topology } = system
const supervisorSetup = {
  restarts: true,
  probeIntervalMs: 50,
  probeTimeoutMs: 200,
  restartDelayMs: 100,
  restartDelayMaxMs: 1_000,
}

beforeAll(async () => {
  runtime = await startTinyRuntime()
  runtime.onInstance((event) => events.push(event))
})
afterAll(async () => await runtime[Symbol.asyncDispose]())
beforeEach(async () => {
  await restartAll(runtime, { by: 'user', topology, environments: {} })
  events = []
})

test('a service starts with its own links and without the environment of the shell', async () => {
  const environment = await environmentOf('api-1')
  expect(environment).toMatchObject({
    INSTANCE: 'api-1',
    HOST: '127.0.0.1',
    PORT: String(runtime.addresses.port('api-1')),
    DATABASE_URL: `postgres://shop:shop@127.0.0.1:${runtime.addresses.port('api-1:postgres')}/shop`,
    REDIS_URL: `redis://127.0.0.1:${runtime.addresses.port('api-1:redis')}`,
    PAYMENTS_URL: `http://127.0.0.1:${runtime.addresses.port('api-1:payments')}`,
  })
  expect(environment).not.toHaveProperty('VITEST')
  expect(await environmentOf('payments')).toMatchObject({
    BOOKS_FILE: expect.stringContaining(runtime.folder),
  })
})

test('all services restart at once, each with its own environment, and none runs in between', async () => {
  let inBetween: string[] = []
  const whileDown = async () => {
    const status = await runtime.status()
    const services = status.filter(({ kind }) => kind === 'service')
    inBetween = services.map(({ state }) => state)
  }
  const environments = {
    'api-1': { COLOUR: 'red' },
    payments: { BOOKS_FILE: runtime.fileOf('payments', '7') },
  }
  await restartAll(runtime, { by, topology, environments, whileDown })
  expect(inBetween).toEqual(topology.instances.map(() => 'absent'))
  expect(await environmentOf('api-1')).toMatchObject({ COLOUR: 'red' })
  expect(await environmentOf('api-2')).not.toHaveProperty('COLOUR')
  expect((await environmentOf('payments'))['BOOKS_FILE']).toMatch(/files\/payments-7$/)
})

test('a service that refuses to start fails the whole restart', async () => {
  const environments = { 'worker-1': { MODE: 'broken' } }
  const restarted = restartAll(runtime, { by, topology, environments })
  await expect(restarted).rejects.toThrow(InputError)
  await expect(restarted).rejects.toThrow('worker-1: reserve-stock.ts has no function')
})

test('a service that crashes during its start is an error with its output', async () => {
  await runtime.kill('api-1', { by })
  const started = runtime.start('api-1', { by, environment: { MODE: 'crash' } })
  await expect(started).rejects.toThrow(/api-1.*status 1/)
  await expect(started).rejects.toThrow('Error: cannot go on')
})

test('a service that ignores SIGTERM is killed when the grace period ends', async () => {
  await runtime.kill('api-1', { by })
  await runtime.start('api-1', { by, environment: { MODE: 'deaf' } })
  await runtime.stop('api-1', { by, graceMs: 200 })
  expect(events.at(-1)).toMatchObject({ instance: 'api-1', state: 'absent', by, signal: 'SIGKILL' })
})

test('a paused service stops gracefully', async () => {
  await runtime.pause('api-1', { by, leaseMs: 60_000 })
  await runtime.stop('api-1', { by, graceMs: 5_000 })
  expect(events.at(-1)).toMatchObject({ instance: 'api-1', state: 'absent', by, code: 0 })
})

test('a start fails at once when the service is killed', async () => {
  await runtime.kill('api-1', { by })
  const started = runtime.start('api-1', { by, environment: { MODE: 'unready' } })
  const killed = vi
    .waitFor(() => expect(events.at(-1)).toMatchObject({ state: 'starting' }))
    .then(async () => await runtime.kill('api-1', { by }))
  await expect(started).rejects.toThrow(/api-1.*scenario/)
  await killed
})

test('a service is "starting", not "unready", until it was ready once', async () => {
  await runtime.kill('api-1', { by })
  const signal = AbortSignal.timeout(300)
  const started = runtime.start('api-1', { by, environment: { MODE: 'unready' }, signal })
  await expect(started).rejects.toThrow('aborted')
  const status = await runtime.status()
  expect(status.find(({ name }) => name === 'api-1')).toMatchObject({ state: 'starting' })
})

test('a killed Postgres leaves no backend and starts again at once', async () => {
  const before = await pidOf('postgres')
  await runtime.kill('postgres', { by })
  await runtime.start('postgres', { by })
  expect(await pidOf('postgres')).not.toBe(before)
})

test('the supervisor restarts an instance that died by itself, unless a scenario killed it since', async () => {
  await using supervisor = new Supervisor({ system, runtime, clock: systemClock })
  supervisor.setUp({ ...supervisorSetup, livenessFailuresMax: 0 })
  await exit('api-1')
  await vi.waitFor(() => expect(states('api-1')).toEqual(['exited', 'starting', 'ready']), {
    timeout: 5_000,
  })
  await exit('api-2')
  await expect.poll(() => states('api-2')).toEqual(['exited'])
  await runtime.kill('api-2', { by })
  expect(events.at(-1)).toMatchObject({ instance: 'api-2', state: 'exited', by })
  // Time for the restart that must not happen.
  await systemClock.sleep(300)
  expect(states('api-2')).toEqual(['exited', 'exited'])
})

test('the supervisor restarts a paused service', async () => {
  await using supervisor = new Supervisor({ system, runtime, clock: systemClock })
  supervisor.setUp({ ...supervisorSetup, livenessFailuresMax: 2 })
  await runtime.pause('worker-1', { by, leaseMs: 60_000 })
  await vi.waitFor(
    () => expect(events.at(-1)).toMatchObject({ state: 'ready', by: 'supervisor' }),
    {
      timeout: 5_000,
    },
  )
  expect(states('worker-1')).toEqual(['paused', 'exited', 'starting', 'ready'])
})

test('a version that refuses its setting stays down while the supervisor tries again, until the heal rolls back', async () => {
  await using supervisor = new Supervisor({ system, runtime, clock: systemClock })
  supervisor.setUp({ ...supervisorSetup, livenessFailuresMax: 0 })
  const world = createWorld()
  const context = {
    ...world.context,
    runtime,
    environmentOf: () => ({ COLOUR: 'old' }),
    leaveToSupervisor: (name: string) => supervisor.takeOver(name),
  }
  const targets = ['api-1', 'api-2']
  const params = { environment: { MODE: 'broken' } }
  const injected = await deploy.inject(requestOf({ targets, params }), context)
  expect(world.notes).toEqual(
    targets.map((name) => expect.stringMatching(new RegExp(`${name}: .*reserve-stock\\.ts`))),
  )
  const attempts = (name: string) =>
    events.filter((event) => event.instance === name && event.by === 'supervisor')
  await vi.waitFor(() => targets.forEach((name) => expect(attempts(name)).not.toEqual([])), {
    timeout: 5_000,
  })
  await injected[Symbol.asyncDispose]()
  for (const name of targets) expect(await environmentOf(name)).toMatchObject({ COLOUR: 'old' })
  expect(events.at(-1)).toMatchObject({ state: 'ready', by: 'user' })
})

test('two sandboxes run side by side, and a taken slot is refused', async () => {
  await using other = await startTinyRuntime()
  expect(other.slot).not.toBe(runtime.slot)
  expect(other.addresses.databaseUrl).not.toBe(runtime.addresses.databaseUrl)
  const refused = startTinyRuntime({ slot: other.slot })
  await expect(refused).rejects.toThrow(new RegExp(`Slot ${other.slot}\\b`))
  await expect(refused).rejects.toThrow(InputError)
})

test('disposing a sandbox removes its folder', async () => {
  const other = await startTinyRuntime()
  expect(await readFile(`${other.folder}/links.json`, 'utf8')).toContain('api-1:postgres')
  await other[Symbol.asyncDispose]()
  await expect(stat(other.folder)).rejects.toThrow('ENOENT')
  await expect(other.start('api-1', { by })).rejects.toThrow(/keeper/)
})

async function environmentOf(name: string): Promise<Record<string, string>> {
  const response = await fetch(`${runtime.addresses.http(name)}/environment`)
  return (await response.json()) as Record<string, string>
}

async function pidOf(name: string): Promise<number | undefined> {
  return (await runtime.status()).find((status) => status.name === name)?.pid
}

/** The service ends by itself during the request. */
async function exit(name: string): Promise<void> {
  await expect(fetch(`${runtime.addresses.http(name)}/exit`)).rejects.toThrow('fetch failed')
}

function states(name: string): string[] {
  return events.filter(({ instance }) => instance === name).map(({ state }) => state)
}
