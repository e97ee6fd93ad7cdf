import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import type { Keeper } from '../keeper/start-keeper.ts'
import { LocalInstance } from './local-instance.ts'
import type { InstancePlan } from './local-instance.ts'

const plan: InstancePlan = {
  name: 'api-1',
  kind: 'service',
  logFile: '/nowhere',
  stopSignal: 'SIGTERM',
  spawnRequest: () => ({
    name: 'api-1',
    command: '',
    args: [],
    environment: {},
    cwd: '',
    logFile: '',
  }),
  probe: async () => true,
}

test('an instance whose probe hangs is unready in time', async () => {
  const probes = [Promise.resolve(true), new Promise<boolean>(() => {})]
  const keeper = { request: async () => ({ pid: 42 }) } as unknown as Keeper
  const instance = new LocalInstance(
    {
      ...plan,
      probe: () => probes.shift() ?? Promise.resolve(true),
      seams: () => new Promise(() => {}),
    },
    { keeper, clock: systemClock, emit: () => undefined },
  )
  await instance.start({ by: 'user' })
  expect(await instance.status({ probeWithinMs: 20 })).toMatchObject({ state: 'unready', pid: 42 })
})

test('a process that ends at once is known, although its end is reported before its start', async () => {
  let pid = 0
  const keeper = {
    request: async (name: string) => {
      await Promise.resolve()
      if (name !== 'spawn') return {}
      pid += 1
      // A busy controller reads both messages of the keeper at once, so no promise continues between them.
      if (pid === 1)
        instance.onReport({ report: 'exited', name: 'api-1', pid, code: 1, signal: null })
      return { pid }
    },
  } as unknown as Keeper
  const states: string[] = []
  const instance = new LocalInstance(
    { ...plan, probe: async () => pid > 1 },
    { keeper, clock: systemClock, emit: ({ state }) => states.push(state) },
  )
  await expect(instance.start({ by: 'user' })).rejects.toThrow(/status 1/)
  await instance.kill({ by: 'user' })
  await instance.start({ by: 'user' })
  expect(states).toEqual(['starting', 'exited', 'exited', 'starting', 'ready'])
})

test.each(['stop', 'kill'] as const)(
  'a %s of an instance that died by itself cancels its planned restart before anything else',
  async (end) => {
    let isPlanned = false
    let spawns = 0
    const keeper = {
      request: async (name: string) => {
        await Promise.resolve()
        if (name === 'spawn') return { pid: (spawns += 1) }
        // The time of the planned restart comes while the request is in flight.
        if (isPlanned) await instance.start({ by: 'supervisor' })
        return {}
      },
    } as unknown as Keeper
    const instance = new LocalInstance(plan, {
      keeper,
      clock: systemClock,
      emit: ({ state, by }) => (isPlanned = state === 'exited' && by === 'itself'),
    })
    await instance.start({ by: 'user' })
    instance.onReport({ report: 'exited', name: 'api-1', pid: 1, code: 1, signal: null })
    expect(isPlanned).toBe(true)
    await instance[end]({ by: 'user', graceMs: 1 })
    expect(spawns).toBe(1)
  },
)
