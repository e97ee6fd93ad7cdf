import { expect, test, vi } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { createFakeLinks } from '#chaos/faults/testing/fake-links.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { createFaultRegistry } from './fault-registry.ts'
import { healEverything } from './heal-everything.ts'
import { createJournal } from './journal.ts'
import { createManualClock } from './testing/manual-clock.ts'

function createRegistry() {
  const clock = createManualClock()
  const journal = createJournal(clock)
  const links = createFakeLinks()
  const runtime = createFakeRuntime()
  const faults = createFaultRegistry({
    topology: system.topology,
    links,
    runtime,
    clock,
    random: createRandom(1),
    environmentOf: () => ({}),
    codeOf: () => ({}),
    leaveToSupervisor: () => undefined,
    journal,
  })
  const published = () => journal.since(0).flatMap(faultWords)
  return { clock, journal, links, runtime, faults, published }
}

function faultWords(event: SandboxEvent): string[] {
  if (event.type !== 'fault') return []
  const { what, fault, reason } = event
  return [[what, fault.id, ...(reason === undefined ? [] : [reason])].join(' ')]
}

const latency = {
  kind: 'latency',
  target: 'api-*:postgres',
  params: { latencyMs: 50 },
  by: 'user',
} as const

test('until is the planned end of a fault that ends before its lease', async () => {
  const { faults } = createRegistry()
  const params = { downFor: '3s' }
  const { since, until } = await faults.inject({
    ...latency,
    kind: 'crash',
    target: 'api-1',
    params,
  })
  expect(Date.parse(until) - Date.parse(since)).toBe(3_000)
  await faults.healAll('asked')
})

test('a fault is listed with the names of its targets until it is healed', async () => {
  const { faults, links, published } = createRegistry()
  const active = await faults.inject(latency)
  expect(faults.list()).toMatchObject([
    {
      id: 'latency-1',
      targets: ['api-1:postgres', 'api-2:postgres'],
      mechanism: 'toxic',
      leaseMs: 60_000,
      toxics: ['latency-1-downstream'],
    },
  ])
  await faults.heal(active.id, 'asked')
  expect(faults.list()).toEqual([])
  expect(links.toxics.size).toBe(0)
  expect(published()).toEqual(['injected latency-1', 'healed latency-1 asked'])
})

test('a fault ends with its lease', async () => {
  const { clock, faults, links, published } = createRegistry()
  await faults.inject({ ...latency, leaseMs: 2_000 })
  await clock.advance(1_999)
  expect(links.toxics.size).toBe(2)
  await clock.advance(1)
  expect(links.toxics.size).toBe(0)
  expect(published()).toEqual(['injected latency-1', 'healed latency-1 lease'])
})

test('a fault with a duration ends after it; its lease is 5 s longer', async () => {
  const { clock, faults, published } = createRegistry()
  const active = await faults.inject({ ...latency, lastsMs: 3_000 })
  expect(active.leaseMs).toBe(8_000)
  await clock.advance(3_000)
  expect(published()).toEqual(['injected latency-1', 'healed latency-1 over'])
})

test('a crash with downFor restarts the instance by itself', async () => {
  const { clock, faults, runtime } = createRegistry()
  await faults.inject({
    kind: 'crash',
    target: 'worker-1',
    params: { downFor: '1s' },
    by: 'scenario',
  })
  expect(runtime.states.get('worker-1')).toBe('exited')
  await clock.advance(1_000)
  expect(runtime.states.get('worker-1')).toBe('ready')
})

test.each([
  [{ ...latency, kind: 'laterncy' }, /"laterncy".*"latency"/],
  [{ ...latency, target: 'api-3:postgres' }, /"api-3:postgres"/],
  [{ ...latency, params: {} }, /latency .*"latencyMs"/],
  [{ ...latency, params: { latencyMs: -1 } }, /latency\.latencyMs .*-1/],
  [{ ...latency, params: { latencyMs: 1, jiterMs: 1 } }, /latency "jiterMs".*"jitterMs"/],
  [{ ...latency, leaseMs: 700_000 }, /700000 ms.*10m/],
  [{ kind: 'redis-flush', target: 'postgres', by: 'user' as const }, /redis-flush .*"postgres"/],
])('an invalid request is refused before anything changes (%#)', async (request, message) => {
  const { faults, links, published } = createRegistry()
  await expect(faults.inject(request)).rejects.toThrow(InputError)
  await expect(faults.inject(request)).rejects.toThrow(message)
  expect(links.toxics.size).toBe(0)
  expect(published()).toEqual([])
})

test('a failed injection is published and leaves nothing', async () => {
  const { faults, links, published } = createRegistry()
  links.broken.add('api-2:postgres')
  const removing = links.removeToxic.bind(links)
  vi.spyOn(links, 'removeToxic').mockImplementation(async (link, toxic) => {
    links.broken.clear()
    await removing(link, toxic)
  })
  await expect(faults.inject(latency)).rejects.toThrow('api-2:postgres')
  expect(links.toxics.size).toBe(0)
  expect(published()).toEqual(['failed latency-1'])
})

test('healing all begins with the latest fault and continues after an error', async () => {
  const { faults, runtime, links } = createRegistry()
  await faults.inject({ kind: 'crash', target: 'api-1', by: 'user' })
  await faults.inject({ kind: 'pause', target: 'worker-1', by: 'user' })
  await faults.inject({ ...latency, target: 'api-1:redis' })
  runtime.broken.add('resume worker-1')
  const report = await faults.healAll('asked')
  expect(report.undone).toEqual(['latency on api-1:redis', 'crash on api-1'])
  expect(report.couldNotUndo).toEqual([
    { what: 'pause on worker-1', error: 'resume worker-1 failed' },
  ])
  expect(links.toxics.size).toBe(0)
  expect(faults.list()).toMatchObject([{ kind: 'pause' }])
})

test('the next heal tries again what could not be healed', async () => {
  const { faults, runtime } = createRegistry()
  await faults.inject({ kind: 'pause', target: 'worker-1', by: 'user' })
  runtime.broken.add('resume worker-1')
  await faults.healAll('asked')
  runtime.broken.clear()
  expect((await faults.healAll('halt')).undone).toEqual(['pause on worker-1'])
  expect(faults.list()).toEqual([])
})

test('no fault can be injected while faults are refused', async () => {
  const { faults } = createRegistry()
  faults.refuse()
  await expect(faults.inject(latency)).rejects.toMatchObject({ status: 409 })
  faults.allow()
  await faults.inject(latency)
  expect(faults.list()).toHaveLength(1)
})

test('refusing aborts a running injection, which heals itself', async () => {
  const { faults, runtime } = createRegistry()
  const injecting = faults.inject({ kind: 'crash', target: 'api-1', by: 'user' })
  faults.refuse()
  await expect(injecting).rejects.toMatchObject({ status: 409 })
  expect(runtime.states.get('api-1')).toBe('ready')
  expect(faults.list()).toEqual([])
})

test('healing everything also cleans up links and instances that no active fault covers', async () => {
  const { faults, links, runtime, clock } = createRegistry()
  links.down.add('api-1:redis')
  links.broken.add('api-2:redis')
  runtime.states.set('worker-1', 'paused').set('worker-2', 'exited').set('redis', 'absent')
  runtime.broken.add('start redis')
  const report = await healEverything({ faults, links, runtime, clock, changing: () => [] }, 'halt')
  expect(report.undone).toEqual([
    expect.stringMatching(/paused.* worker-1/),
    expect.stringMatching(/stopped.* worker-2/),
  ])
  expect(report.couldNotUndo).toEqual([
    { what: 'api-2:redis', error: expect.any(String) },
    { what: expect.stringMatching(/stopped.* redis/), error: 'start redis failed' },
  ])
  expect(links.down.size).toBe(0)
})

test('a fault on services only leaves out the stores that a pattern matches, and refuses a store', async () => {
  const { faults } = createRegistry()
  const skew = { kind: 'clock-skew', params: { offset: '5m' }, by: 'user' } as const
  const { targets } = await faults.inject({ ...skew, target: '*' })
  expect(targets).toEqual(system.topology.instances.map(({ name }) => name))
  await expect(faults.inject({ ...skew, target: 'redis' })).rejects.toThrow(/redis/)
  await faults.healAll('asked')
})
