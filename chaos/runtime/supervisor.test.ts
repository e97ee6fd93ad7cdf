import { afterEach, expect, test } from 'vitest'

import type { InstanceEvent, InstanceStatus } from '#chaos/contracts/runtime.ts'
import type { SupervisorSetup } from '#chaos/contracts/scenario.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'

import { Supervisor, type Supervised } from './supervisor.ts'

const setup: SupervisorSetup = {
  restarts: true,
  livenessFailuresMax: 0,
  probeIntervalMs: 1_000,
  probeTimeoutMs: 100,
  restartDelayMs: 300,
  restartDelayMaxMs: 2_000,
}
const started: Supervisor[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map(async (one) => await one[Symbol.asyncDispose]()))
})

test('starts an instance that died by itself, after the delay', async () => {
  const { supervisor, runtime, clock } = create()
  supervisor.setUp(setup)
  runtime.emit('api-1', 'exited', 'itself')
  expect(runtime.calls).toEqual([])
  await clock.pass(300)
  expect(runtime.calls).toEqual(['start api-1'])
})

test.for(['user', 'scenario'] as const)(
  'does not start an instance that a %s has ended',
  async (by) => {
    const { supervisor, runtime, clock } = create()
    supervisor.setUp(setup)
    runtime.emit('api-1', 'exited', by)
    runtime.emit('worker-1', 'absent', by)
    await clock.pass(10_000)
    expect(runtime.calls).toEqual([])
  },
)

test('cancels its restart when a scenario ends the instance or a user starts it', async () => {
  const { supervisor, runtime, clock } = create()
  supervisor.setUp(setup)
  runtime.emit('api-1', 'exited', 'itself')
  runtime.emit('api-1', 'exited', 'scenario')
  runtime.emit('api-2', 'exited', 'itself')
  runtime.emit('api-2', 'starting', 'user')
  await clock.pass(10_000)
  expect(runtime.calls).toEqual([])
})

test('does not start an instance that refuses its configuration', async () => {
  const { supervisor, runtime, clock } = create()
  supervisor.setUp(setup)
  runtime.emit('api-1', 'exited', 'itself', 78)
  await clock.pass(10_000)
  expect(runtime.calls).toEqual([])
})

test('restarts an instance that was left to it, even when it refuses its configuration, until another owner acts', async () => {
  const { supervisor, runtime, clock } = create()
  supervisor.setUp(setup)
  runtime.emit('api-1', 'exited', 'itself', 78)
  supervisor.takeOver('api-1')
  await clock.pass(300)
  runtime.emit('api-1', 'starting', 'supervisor')
  runtime.emit('api-1', 'exited', 'itself', 78)
  await clock.pass(10_000)
  expect(runtime.calls).toEqual(['start api-1', 'start api-1'])
  runtime.emit('api-1', 'starting', 'user')
  runtime.emit('api-1', 'exited', 'itself', 78)
  await clock.pass(10_000)
  expect(runtime.calls).toHaveLength(2)
})

test('restarts an instance that a scenario has killed and left to it', async () => {
  const { supervisor, runtime, clock } = create()
  supervisor.setUp(setup)
  runtime.emit('api-1', 'exited', 'scenario')
  supervisor.takeOver('api-1')
  await clock.pass(300)
  expect(runtime.calls).toEqual(['start api-1'])
})

test('does nothing before its setup and when restarts are off', async () => {
  const { supervisor, runtime, clock } = create()
  runtime.emit('api-1', 'exited', 'itself')
  supervisor.setUp({ ...setup, restarts: false, livenessFailuresMax: 1 })
  runtime.emit('api-1', 'exited', 'itself')
  await clock.pass(10_000)
  expect(runtime.calls).toEqual([])
})

test('a new setup cancels the restarts planned under the old one', async () => {
  const { supervisor, runtime, clock } = create()
  supervisor.setUp(setup)
  runtime.emit('api-1', 'exited', 'itself')
  supervisor.setUp(setup)
  await clock.pass(10_000)
  expect(runtime.calls).toEqual([])
})

test('doubles the delay with each restart, up to the longest one', async () => {
  const parts = create()
  parts.supervisor.setUp(setup)
  expect(await delaysBetween(parts, [0, 0, 0, 0, 0])).toEqual([300, 600, 1_200, 2_000, 2_000])
  expect(parts.notes.at(-1)).toMatch(/api-1.* 2s .*restart 5/)
})

test('begins with the first delay again after the instance was ready for twice the longest one', async () => {
  const parts = create()
  parts.supervisor.setUp(setup)
  expect(await delaysBetween(parts, [0, 0, 3_999, 4_000, 0])).toEqual([300, 600, 1_200, 300, 600])
})

test('begins with the first delay again when a user starts the instance', async () => {
  const parts = create()
  parts.supervisor.setUp(setup)
  await delaysBetween(parts, [0, 0])
  parts.runtime.emit('api-1', 'starting', 'user')
  parts.runtime.emit('api-1', 'ready', 'user')
  expect(await delaysBetween(parts, [0])).toEqual([300])
})

test('an instance that fails its liveness probes again restarts after a delay', async () => {
  const { supervisor, runtime, clock, dead } = create()
  supervisor.setUp({ ...setup, livenessFailuresMax: 1 })
  dead.add('api-1')
  await clock.pass(1_000)
  expect(runtime.calls).toEqual(['kill api-1', 'start api-1'])
  runtime.emit('api-1', 'ready', 'supervisor')
  await clock.pass(1_000)
  expect(runtime.calls.slice(2)).toEqual(['kill api-1'])
  await clock.pass(600)
  expect(runtime.calls.slice(2)).toEqual(['kill api-1', 'start api-1'])
})

test('restarts a service whose liveness probe fails three times in a row', async () => {
  const { supervisor, runtime, clock, dead } = create()
  supervisor.setUp({ ...setup, livenessFailuresMax: 3 })
  dead.add('worker-2')
  await clock.pass(1_000)
  dead.clear()
  await clock.pass(1_000)
  dead.add('worker-2')
  await clock.pass(2_000)
  expect(runtime.calls).toEqual([])
  await clock.pass(1_000)
  expect(runtime.calls).toEqual(['kill worker-2', 'start worker-2'])
})

test('probes a paused service and does not probe one that is down', async () => {
  const { supervisor, runtime, clock, dead } = create()
  dead.add('api-1').add('api-2')
  supervisor.setUp({ ...setup, livenessFailuresMax: 1 })
  runtime.emit('api-1', 'paused', 'scenario')
  runtime.emit('api-2', 'exited', 'scenario')
  await clock.pass(1_000)
  expect(runtime.calls).toEqual(['kill api-1', 'start api-1'])
})

test('does not kill an instance that drains and answers no probe', async () => {
  const { supervisor, runtime, clock, dead, leaving } = create()
  dead.add('api-1')
  leaving.add('api-1')
  supervisor.setUp({ ...setup, livenessFailuresMax: 1 })
  await clock.pass(10_000)
  expect(runtime.calls).toEqual([])
  leaving.clear()
  await clock.pass(1_000)
  expect(runtime.calls).toEqual(['kill api-1', 'start api-1'])
})

test('a restart that fails is a note, and the other instances still restart', async () => {
  const { supervisor, runtime, clock, notes } = create()
  supervisor.setUp(setup)
  runtime.broken.add('api-1')
  runtime.emit('api-1', 'exited', 'itself')
  runtime.emit('api-2', 'exited', 'itself')
  await clock.pass(300)
  expect(runtime.calls).toEqual(['start api-1', 'start api-2'])
  expect(notes).toEqual([expect.stringMatching(/api-1.*: no$/)])
})

test('after a release it starts nothing, and the restart that was running has ended', async () => {
  const { supervisor, runtime, clock, dead } = create()
  supervisor.setUp({ ...setup, livenessFailuresMax: 1 })
  const killed = Promise.withResolvers<void>()
  runtime.kill = async (name) => {
    runtime.calls.push(`kill ${name}`)
    await killed.promise
  }
  dead.add('api-1')
  await clock.pass(1_000)
  runtime.emit('worker-2', 'exited', 'itself')
  let released = false
  const releasing = supervisor.release().then(() => (released = true))
  await clock.pass(0)
  expect(released).toBe(false)
  killed.resolve()
  await releasing
  await clock.pass(10_000)
  expect(runtime.calls).toEqual(['kill api-1'])
})

test('the set-up after a release restarts what was interrupted or died by itself meanwhile', async () => {
  const { supervisor, runtime, clock, dead } = create()
  supervisor.setUp({ ...setup, livenessFailuresMax: 1 })
  const killed = Promise.withResolvers<void>()
  runtime.kill = async () => await killed.promise
  dead.add('api-1')
  await clock.pass(1_000)
  dead.clear()
  const releasing = supervisor.release()
  killed.resolve()
  await releasing
  runtime.emit('api-2', 'exited', 'itself')
  runtime.emit('worker-2', 'exited', 'itself')
  runtime.emit('worker-2', 'starting', 'scenario')
  supervisor.setUp(setup)
  await clock.pass(300)
  expect(runtime.calls).toEqual(['start api-1', 'start api-2'])
})

test('an instance that a scenario ends during a restart is not started', async () => {
  const { supervisor, runtime, clock, dead } = create()
  supervisor.setUp({ ...setup, livenessFailuresMax: 1 })
  runtime.kill = async (name) => runtime.emit(name, 'exited', 'scenario')
  dead.add('api-1')
  await clock.pass(1_000)
  dead.clear()
  await clock.pass(10_000)
  expect(runtime.calls).toEqual([])
})

test('a new setup does not interrupt a restart that has begun', async () => {
  const { supervisor, runtime, clock, dead } = create()
  supervisor.setUp({ ...setup, livenessFailuresMax: 1 })
  const killed = Promise.withResolvers<void>()
  runtime.kill = async () => await killed.promise
  dead.add('api-1')
  await clock.pass(1_000)
  supervisor.setUp(setup)
  killed.resolve()
  await clock.pass(0)
  expect(runtime.calls).toEqual(['start api-1'])
})

function create() {
  const clock = createManualClock()
  const runtime = createRuntime()
  const dead = new Set<string>()
  const leaving = new Set<string>()
  const notes: string[] = []
  const supervisor = new Supervisor({
    system,
    runtime,
    clock,
    isLeaving: (name) => leaving.has(name),
    note: (_level, text) => void notes.push(text),
    probe: async (url) => !dead.has(new URL(url).hostname),
  })
  started.push(supervisor)
  return { clock, runtime, dead, leaving, notes, supervisor }
}

function createRuntime() {
  let listener: (event: InstanceEvent) => void = () => undefined
  const calls: string[] = []
  const broken = new Set<string>()
  const status = ['api-1', 'api-2', 'worker-2'].map((name): InstanceStatus => ({
    name,
    kind: 'service',
    state: 'ready',
    restarts: 0,
  }))
  const runtime: Supervised = {
    addresses: { http: (name: string) => `http://${name}` } as Supervised['addresses'],
    status: async () => status,
    onInstance: (added) => {
      listener = added
      return () => undefined
    },
    kill: async (name) => void calls.push(`kill ${name}`),
    start: async (name) => {
      calls.push(`start ${name}`)
      if (broken.has(name)) throw new Error('no')
    },
  }
  const emit = (
    instance: string,
    state: InstanceEvent['state'],
    by: InstanceEvent['by'],
    code?: number,
  ) => listener({ type: 'instance', instance, state, by, ...(code === undefined ? {} : { code }) })
  return Object.assign(runtime, { calls, broken, emit })
}

/**
 * Ends api-1 by itself after each of these times since it was ready, and returns the delays before its
 * restarts.
 */
async function delaysBetween(
  { runtime, clock }: ReturnType<typeof create>,
  readyForMs: readonly number[],
): Promise<readonly number[]> {
  const delays: number[] = []
  let endedAtMs = 0
  runtime.start = async (name) => {
    delays.push(clock.now() - endedAtMs)
    runtime.emit(name, 'starting', 'supervisor')
    runtime.emit(name, 'ready', 'supervisor')
  }
  for (const ms of readyForMs) {
    await clock.pass(ms)
    endedAtMs = clock.now()
    runtime.emit('api-1', 'exited', 'itself')
    const restarts = delays.length
    while (delays.length === restarts) await clock.pass(100)
  }
  return delays
}

/** A clock whose time passes only when the test says so. Sleepers wake one after the other. */
function createManualClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  const settle = async () => await new Promise((resolve) => setImmediate(resolve))
  return {
    now: () => now,
    wallTimeMs: () => now,
    sleep: async (delayMs, signal) => {
      signal?.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const sleeper = { at: now + delayMs, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason as Error)
        })
      })
    },
    pass: async (ms) => {
      const end = now + ms
      for (;;) {
        await settle()
        const next = [...sleepers].toSorted((a, b) => a.at - b.at)[0]
        if (next === undefined || next.at > end) break
        now = next.at
        sleepers.delete(next)
        next.wake()
      }
      now = end
      await settle()
    },
  }
}
