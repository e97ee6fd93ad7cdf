import { expect, test, vi } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { createFakeLinks } from '#chaos/faults/testing/fake-links.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { createFaultRegistry } from './fault-registry.ts'
import { healEverything } from './heal-everything.ts'
import { createJournal } from './journal.ts'
import { createManualClock } from './testing/manual-clock.ts'

function createWorld() {
  const clock = createManualClock()
  const journal = createJournal(clock)
  const links = createFakeLinks()
  const runtime = createFakeRuntime()
  const faults = createFaultRegistry({
    links,
    runtime,
    clock,
    random: createRandom(1),
    environmentOf: () => ({}),
    codeOf: () => ({}),
    journal,
  })
  const told = () => journal.since(0).flatMap(faultWords)
  return { clock, journal, links, runtime, faults, told }
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

test('a fault that is over sooner than its lease says when', async () => {
  const { faults } = createWorld()
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

test('a fault is listed with its concrete targets until it is healed', async () => {
  const { faults, links, told } = createWorld()
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
  expect(told()).toEqual(['injected latency-1', 'healed latency-1 asked'])
})

test('a fault ends with its lease', async () => {
  const { clock, faults, links, told } = createWorld()
  await faults.inject({ ...latency, leaseMs: 2_000 })
  await clock.advance(1_999)
  expect(links.toxics.size).toBe(2)
  await clock.advance(1)
  expect(links.toxics.size).toBe(0)
  expect(told()).toEqual(['injected latency-1', 'healed latency-1 lease'])
})

test('a fault that is to last a while ends then, and its lease lies a little beyond', async () => {
  const { clock, faults, told } = createWorld()
  const active = await faults.inject({ ...latency, lastsMs: 3_000 })
  expect(active.leaseMs).toBe(8_000)
  await clock.advance(3_000)
  expect(told()).toEqual(['injected latency-1', 'healed latency-1 over'])
})

test('a crash with downFor brings the instance back by itself', async () => {
  const { clock, faults, runtime } = createWorld()
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
  [{ ...latency, kind: 'laterncy' }, 'Unknown fault "laterncy". Did you mean "latency"?'],
  [{ ...latency, target: 'api-3:postgres' }, 'Unknown link "api-3:postgres".'],
  [{ ...latency, params: {} }, 'latency needs "latencyMs".'],
  [{ ...latency, params: { latencyMs: -1 } }, 'latency.latencyMs must not be negative, got -1.'],
  [
    { ...latency, params: { latencyMs: 1, jiterMs: 1 } },
    'Unknown parameter of latency "jiterMs". Did you mean "jitterMs"?',
  ],
  [
    { ...latency, leaseMs: 700_000 },
    'A lease must be more than 0s and at most 10m, got 700000 ms.',
  ],
  [
    { kind: 'redis-flush', target: 'postgres', by: 'user' as const },
    'redis-flush does not work on "postgres".',
  ],
])('what cannot be asked is refused before anything is touched (%#)', async (ask, message) => {
  const { faults, links, told } = createWorld()
  await expect(faults.inject(ask)).rejects.toThrow(InputError)
  await expect(faults.inject(ask)).rejects.toThrow(message)
  expect(links.toxics.size).toBe(0)
  expect(told()).toEqual([])
})

test('a fault that fails is told, and leaves nothing', async () => {
  const { faults, links, told } = createWorld()
  links.broken.add('api-2:postgres')
  const removing = links.removeToxic.bind(links)
  vi.spyOn(links, 'removeToxic').mockImplementation(async (link, toxic) => {
    links.broken.clear()
    await removing(link, toxic)
  })
  await expect(faults.inject(latency)).rejects.toThrow('api-2:postgres')
  expect(links.toxics.size).toBe(0)
  expect(told()).toEqual(['failed latency-1'])
})

test('healing all undoes the latest first and goes on after an error', async () => {
  const { faults, runtime, links } = createWorld()
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

test('what could not be undone is tried again', async () => {
  const { faults, runtime } = createWorld()
  await faults.inject({ kind: 'pause', target: 'worker-1', by: 'user' })
  runtime.broken.add('resume worker-1')
  await faults.healAll('asked')
  runtime.broken.clear()
  expect((await faults.healAll('halt')).undone).toEqual(['pause on worker-1'])
  expect(faults.list()).toEqual([])
})

test('while faults are refused none can be injected; afterwards they can', async () => {
  const { faults } = createWorld()
  faults.refuse()
  await expect(faults.inject(latency)).rejects.toThrow('The sandbox is halted: no new faults.')
  faults.allow()
  await faults.inject(latency)
  expect(faults.list()).toHaveLength(1)
})

test('refusing aborts a fault that is on its way, and it undoes itself', async () => {
  const { faults, runtime } = createWorld()
  const injecting = faults.inject({ kind: 'crash', target: 'api-1', by: 'user' })
  faults.refuse()
  await expect(injecting).rejects.toThrow('The sandbox is halted')
  expect(runtime.states.get('api-1')).toBe('ready')
  expect(faults.list()).toEqual([])
})

test('undoing everything mends what no fault in the list has broken', async () => {
  const { faults, links, runtime } = createWorld()
  links.down.add('api-1:redis')
  links.broken.add('api-2:redis')
  runtime.states.set('worker-1', 'paused').set('worker-2', 'exited').set('redis', 'absent')
  runtime.broken.add('start redis')
  const report = await healEverything({ faults, links, runtime }, 'halt')
  expect(report.undone).toEqual(['the pause of worker-1', 'the end of worker-2'])
  expect(report.couldNotUndo).toEqual([
    { what: 'api-2:redis', error: 'it does not respond' },
    { what: 'the end of redis', error: 'start redis failed' },
  ])
  expect(links.down.size).toBe(0)
})
