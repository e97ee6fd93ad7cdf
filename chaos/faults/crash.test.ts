import { describe, expect, test } from 'vitest'

import { createManualClock } from '#chaos/engine/testing/manual-clock.ts'

import { crash } from './crash.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { downFor: '1s' }, targets: ['api-1', 'worker-1'] }

describeFault(crash, example)

test('a crash kills the instances, and ends by itself after downFor', async () => {
  const world = createWorld()
  const injected = await crash.inject(requestOf(example), world.context)
  expect(world.runtime.calls).toEqual(['kill api-1', 'kill worker-1'])
  expect(injected.lastsMs).toBe(1_000)
})

test('when one instance does not start again, the others still do', async () => {
  const world = createWorld()
  const injected = await crash.inject(requestOf(example), world.context)
  world.runtime.broken.add('start worker-1')
  await expect(injected[Symbol.asyncDispose]()).rejects.toThrow('start worker-1')
  expect(world.runtime.states.get('api-1')).toBe('ready')
})

describe('at an interval', () => {
  const targets = ['api-1', 'api-2', 'worker-1']
  const random = { params: { every: '2s' }, targets }

  /** Crashes at an interval, on a clock of the test. The supervisor has restarted a victim when the next one is due. */
  async function start(params: { every: string; downFor?: string }) {
    const world = createWorld()
    const clock = createManualClock()
    const { runtime } = world
    const leaveToSupervisor = (name: string) => void runtime.states.set(name, 'ready')
    const context = { ...world.context, clock, leaveToSupervisor }
    const fault = await crash.inject(requestOf({ params, targets }), context)
    return {
      ...world,
      clock,
      fault,
      kills: () => runtime.calls.filter((it) => it.startsWith('kill')),
    }
  }

  describeFault(crash, random)

  test('one random target is killed at once and after each interval, until the heal', async () => {
    const { clock, fault, kills, notes, runtime } = await start({ every: '2s' })
    expect(kills()).toHaveLength(1)
    await clock.advance(1_999)
    expect(kills()).toHaveLength(1)
    await clock.advance(18_001)
    expect(kills()).toHaveLength(11)
    expect(new Set(kills()).size).toBeGreaterThan(1)
    expect(notes).toEqual(kills().map((kill) => `info: fault-1 killed ${kill.slice(5)}.`))
    await fault[Symbol.asyncDispose]()
    await clock.advance(20_000)
    expect(kills()).toHaveLength(11)
    expect(targets.map((name) => runtime.states.get(name))).toEqual(targets.map(() => 'ready'))
  })

  test('the same seed chooses the same victims', async () => {
    const [first, second] = [await start({ every: '2s' }), await start({ every: '2s' })]
    await first.clock.advance(20_000)
    await second.clock.advance(20_000)
    expect(first.kills()).toEqual(second.kills())
    await first.fault[Symbol.asyncDispose]()
    await second.fault[Symbol.asyncDispose]()
  })

  test('with downFor each victim stays down for that time', async () => {
    const { clock, fault, runtime } = await start({ every: '10s', downFor: '1s' })
    const [victim = ''] = runtime.calls.map((call) => call.slice(5))
    await clock.advance(999)
    expect(runtime.states.get(victim)).toBe('exited')
    await clock.advance(1)
    expect(runtime.states.get(victim)).toBe('ready')
    await fault[Symbol.asyncDispose]()
  })

  test('instances that are down are not chosen, and the heal starts all victims', async () => {
    const { clock, fault, kills, runtime } = await start({ every: '1s', downFor: '1m' })
    await clock.advance(10_000)
    expect(kills().toSorted()).toEqual(targets.map((name) => `kill ${name}`))
    await fault[Symbol.asyncDispose]()
    expect(targets.map((name) => runtime.states.get(name))).toEqual(targets.map(() => 'ready'))
  })

  test('an interval that leaves no time to start is refused', async () => {
    await expect(start({ every: '50ms' })).rejects.toThrow(/every \(50ms\)/)
  })
})
