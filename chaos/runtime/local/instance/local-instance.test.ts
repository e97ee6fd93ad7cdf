import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import type { Keeper } from '../keeper/start-keeper.ts'
import { LocalInstance } from './local-instance.ts'

test('an instance whose probe hangs is unready in time', async () => {
  const probes = [Promise.resolve(true), new Promise<boolean>(() => {})]
  const keeper = { request: async () => ({ pid: 42 }) } as unknown as Keeper
  const instance = new LocalInstance(
    {
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
      probe: () => probes.shift() ?? Promise.resolve(true),
      seams: () => new Promise(() => {}),
    },
    { keeper, clock: systemClock, emit: () => undefined },
  )
  await instance.start({ by: 'user' })
  expect(await instance.status({ probeWithinMs: 20 })).toMatchObject({ state: 'unready', pid: 42 })
})
