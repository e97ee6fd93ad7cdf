import { expect, test } from 'vitest'

import type { TrapEvent } from '#chaos/contracts/links.ts'
import type { MethodStep, TrapStep } from '#chaos/contracts/scenario.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import type { FakeSandbox } from '../testing/fake-sandbox.ts'
import { runMethod } from './method.ts'

const latency: MethodStep = {
  at: 2_000,
  inject: { kind: 'latency', target: 'worker-*:payments', params: { latencyMs: 200 } },
  forMs: 3_000,
}
const trap: TrapStep = {
  when: { link: 'api-*:postgres', exchange: 'COMMIT', nth: 6, phase: 'after', fromMs: 1_000 },
  inject: { kind: 'crash', target: 'caller', params: { downFor: '1s' } },
}

/** Starts the method under a load of six seconds; `over` ends the load, `abort` aborts the run. */
async function begin(steps: readonly MethodStep[], seed = 1) {
  const world = await createFakeSandbox()
  const over = new AbortController()
  const abort = new AbortController()
  await world.clock.advance(1_000)
  const { signal } = abort
  const random = createRandom(seed)
  const time = { startMs: 1_000, durationMs: 6_000, over: over.signal, signal, random }
  const outcomes = runMethod(world.sandbox, steps, time, 'run-1')
  outcomes.catch(() => undefined)
  return { ...world, over, abort, outcomes }
}

function spring({ links }: FakeSandbox, link: string, more: Partial<TrapEvent> = {}): void {
  links.emit({ type: 'trap', id: 'run-1-0', what: 'sprung', link, exchange: 'COMMIT', ...more })
}

test('a timed fault begins at its time and ends after its duration', async () => {
  const { clock, links, outcomes } = await begin([latency])
  await clock.advance(1_999)
  expect(links.toxics.size).toBe(0)
  await clock.advance(1)
  expect(links.toxics.get('worker-1:payments')?.[0]?.expiresInMs).toBe(8_000)
  await clock.advance(3_000)
  expect(links.toxics.size).toBe(0)
  expect(await outcomes).toMatchObject([
    {
      title: 'method[0]: latency on worker-*:payments at 2s',
      state: 'done',
      fault: 'latency-1',
      toxics: ['latency-1-downstream'],
      fromMs: 3_000,
    },
  ])
})

test('a step that counts from the one before waits for its own time as well', async () => {
  const next: MethodStep = { ...latency, at: 0, fromStepBefore: true, notBeforeMs: 4_000 }
  const { clock, links, outcomes } = await begin([{ ...latency, at: 500, forMs: 100 }, next])
  await clock.advance(3_999)
  expect(links.toxics.size).toBe(0)
  await clock.advance(1)
  expect(links.toxics.get('worker-1:payments')).toHaveLength(1)
  await clock.advance(3_000)
  expect(await outcomes).toMatchObject([{ state: 'done' }, { state: 'done', fromMs: 5_000 }])
})

test('a fault without a duration lasts until the heal; its lease ends later', async () => {
  const { forMs: _forMs, ...endless } = latency
  const { clock, sandbox } = await begin([endless])
  await clock.advance(2_000)
  expect(sandbox.faults.list()).toMatchObject([{ leaseMs: 19_000 }])
})

test('the outcome of a step is never if the load ends before it, failed if its fault fails', async () => {
  const { clock, runtime, over, outcomes } = await begin([
    { at: 1_000, inject: { kind: 'crash', target: 'api-1', params: {} } },
    { at: 5_000, inject: { kind: 'pause', target: 'api-1', params: {} } },
  ])
  runtime.broken.add('kill api-1')
  await clock.advance(3_000)
  over.abort()
  expect(await outcomes).toMatchObject([
    { state: 'failed', why: 'kill api-1 failed' },
    { state: 'never', why: expect.stringContaining('the load ended') },
  ])
})

test('a trap holds its message until the caller is killed, then cuts it', async () => {
  const world = await begin([trap])
  const { clock, links, runtime, outcomes } = world
  await clock.advance(1_000)
  expect(links.traps.get('run-1-0')).toMatchObject({
    links: ['api-1:postgres', 'api-2:postgres'],
    exchange: 'COMMIT',
    nth: 6,
    phase: 'after',
    // oxlint-disable-next-line unicorn/no-thenable -- the contract's word
    then: { do: 'hold' },
  })
  const kill = runtime.kill.bind(runtime)
  const releasedAtKill: string[] = []
  runtime.kill = async (name, request) => {
    releasedAtKill.push(...links.released)
    await kill(name, request)
  }
  spring(world, 'api-2:postgres')
  expect(await outcomes).toMatchObject([{ state: 'done', fault: 'crash-1' }])
  expect(runtime.calls).toContain('kill api-2')
  expect(releasedAtKill).toEqual([])
  expect(links.released).toEqual(['run-1-0 cut'])
  expect(links.traps.size).toBe(0)
})

test('the fault of a trap can have the callee as its target', async () => {
  const inject = { kind: 'pause', target: 'callee', params: {} }
  // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
  const world = await begin([{ ...trap, inject, then: 'deliver' }])
  await world.clock.advance(1_000)
  spring(world, 'api-1:postgres')
  await world.outcomes
  expect(world.runtime.states.get('postgres')).toBe('paused')
  expect(world.links.released).toEqual(['run-1-0 deliver'])
})

test('a held message can be delivered late', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
  const world = await begin([{ ...trap, then: { delayMs: 2_000 } }])
  await world.clock.advance(1_000)
  spring(world, 'api-1:postgres')
  await world.clock.advance(1_999)
  expect(world.links.released).toEqual([])
  await world.clock.advance(1)
  expect(world.links.released).toEqual(['run-1-0 deliver'])
})

test('a trap without a fault only treats its message as the scenario says', async () => {
  const { inject: _inject, ...bare } = trap
  // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
  const world = await begin([{ ...bare, then: 'silence' }])
  await world.clock.advance(1_000)
  expect(world.links.traps.get('run-1-0')?.then).toEqual({ do: 'silence' })
  spring(world, 'api-1:postgres')
  expect(await world.outcomes).toMatchObject([{ state: 'done' }])
  expect(world.links.released).toEqual([])
})

test('a trap that delays its message stays armed until the message is delivered', async () => {
  const { inject: _inject, ...bare } = trap
  // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
  const world = await begin([{ ...bare, then: { delayMs: 500 } }])
  await world.clock.advance(1_000)
  expect(world.links.traps.get('run-1-0')?.then).toEqual({ do: 'delay', delayMs: 500 })
  spring(world, 'api-1:postgres')
  await world.clock.advance(100)
  expect(world.links.traps.has('run-1-0')).toBe(true)
  world.links.emit({ type: 'trap', id: 'run-1-0', what: 'released', detail: 'deliver' })
  expect(await world.outcomes).toMatchObject([{ state: 'done' }])
  expect(world.links.traps.has('run-1-0')).toBe(false)
})

test('a message can be held until its order has a final status', async () => {
  const { inject: _inject, ...bare } = trap
  // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
  const world = await begin([{ ...bare, then: { until: 'final' } }])
  await world.clock.advance(1_000)
  expect(world.links.traps.get('run-1-0')?.then).toEqual({ do: 'hold' })
  world.truth.isFinal = false
  spring(world, 'api-1:postgres', { transaction: 'o-f-000004' })
  await world.clock.advance(3_000)
  expect(world.links.released).toEqual([])
  world.truth.isFinal = true
  await world.clock.advance(100)
  expect(world.links.released).toEqual(['run-1-0 deliver'])
  expect(await world.outcomes).toMatchObject([{ state: 'done' }])
})

test('a message whose order never becomes final is delivered when the load ends', async () => {
  const { inject: _inject, ...bare } = trap
  // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
  const world = await begin([{ ...bare, then: { until: 'final' } }])
  await world.clock.advance(1_000)
  spring(world, 'api-1:postgres', { transaction: 'o-f-000004' })
  await world.clock.advance(1_000)
  expect(world.links.released).toEqual([])
  world.over.abort()
  expect(await world.outcomes).toMatchObject([{ state: 'done' }])
  expect(world.links.released).toEqual(['run-1-0 deliver'])
})

test('a trap can wait for the next message of the order that the previous trap hit', async () => {
  const { inject: _inject, when } = trap
  const world = await begin([
    // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
    { when, then: 'cut' },
    // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
    { when: { ...when, nth: 1, sameOrder: true, fromMs: 0 }, then: 'silence' },
  ])
  await world.clock.advance(2_000)
  expect([...world.links.traps.keys()]).toEqual(['run-1-0'])
  spring(world, 'api-1:postgres', { transaction: 'o-f-000004' })
  await world.clock.advance(1)
  expect(world.links.traps.get('run-1-1')).toMatchObject({ transaction: 'o-f-000004', nth: 1 })
  spring(world, 'api-2:postgres', { id: 'run-1-1' })
  expect(await world.outcomes).toMatchObject([{ state: 'done' }, { state: 'done' }])
})

test('a trap for the same order never happens if the previous trap hit none', async () => {
  const { inject: _inject, when } = trap
  const world = await begin([
    // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
    { when, then: 'cut' },
    // oxlint-disable-next-line unicorn/no-thenable -- the word of a scenario
    { when: { ...when, sameOrder: true }, then: 'cut' },
  ])
  await world.clock.advance(6_000)
  world.over.abort()
  expect(await world.outcomes).toMatchObject([
    { state: 'never' },
    { state: 'never', why: expect.stringContaining('previous trap') },
  ])
})

test('if the fault fails, the held message is delivered', async () => {
  const world = await begin([trap])
  await world.clock.advance(1_000)
  world.runtime.broken.add('kill api-1')
  spring(world, 'api-1:postgres')
  expect(await world.outcomes).toMatchObject([{ state: 'failed', why: 'kill api-1 failed' }])
  expect(world.links.released).toEqual(['run-1-0 deliver'])
})

test('the outcome of a trap that never sprang names its message; the trap is disarmed', async () => {
  const { clock, over, links, outcomes } = await begin([trap])
  await clock.advance(6_000)
  over.abort()
  expect(await outcomes).toMatchObject([
    {
      state: 'never',
      why: expect.stringMatching(/6 COMMIT .*api-\*:postgres/),
    },
  ])
  expect(links.traps.size).toBe(0)
})

test('an abort ends every step and disarms every trap', async () => {
  const { clock, over, abort, links, outcomes } = await begin([trap, latency])
  await clock.advance(1_500)
  abort.abort(new Error('the run was aborted'))
  over.abort()
  await expect(outcomes).rejects.toThrow('the run was aborted')
  expect(links.traps.size).toBe(0)
})

test('a step can count from when the previous step was in effect on all targets', async () => {
  const { clock, runtime, outcomes } = await begin([
    { at: 1_000, inject: { kind: 'restart', target: 'api-1', params: {} } },
    { at: 500, fromStepBefore: true, inject: { kind: 'pause', target: 'api-2', params: {} } },
  ])
  const started = Promise.withResolvers<void>()
  const start = runtime.start.bind(runtime)
  runtime.start = async (name, request) => {
    await started.promise
    await start(name, request)
  }
  await clock.advance(3_000)
  started.resolve()
  await clock.advance(499)
  expect(runtime.calls).not.toContain('pause api-2')
  await clock.advance(1)
  expect(runtime.calls).toContain('pause api-2')
  expect(await outcomes).toMatchObject([
    { state: 'done', fromMs: 2_000, onMs: 4_000 },
    { title: expect.stringMatching(/^method\[1\]: pause on api-2 .*500ms/), fromMs: 4_500 },
  ])
})

test('a step never happens if it counts from a step that failed', async () => {
  const { clock, runtime, outcomes } = await begin([
    { at: 1_000, inject: { kind: 'crash', target: 'api-1', params: {} } },
    { at: 500, fromStepBefore: true, inject: { kind: 'pause', target: 'api-2', params: {} } },
  ])
  runtime.broken.add('kill api-1')
  await clock.advance(3_000)
  expect(await outcomes).toMatchObject([
    { state: 'failed' },
    { state: 'never', why: expect.stringContaining('previous step') },
  ])
})

test('the seed of the run decides the random choices of a fault', async () => {
  const victims = async (seed: number): Promise<readonly string[]> => {
    const params = { every: '200ms' }
    const step = { at: 0, inject: { kind: 'crash', target: '*', params } }
    const { clock, runtime } = await begin([step], seed)
    await clock.advance(4_000)
    return runtime.calls.filter((call) => call.startsWith('kill'))
  }
  const [first, second, other] = [await victims(7), await victims(7), await victims(8)]
  expect(first.length).toBeGreaterThan(4)
  expect(second).toEqual(first)
  expect(other).not.toEqual(first)
})
