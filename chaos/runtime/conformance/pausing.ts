import { Client } from 'pg'
import { expect, test, vi } from 'vitest'

import { by, leaseMs, silenceMs } from './common.ts'
import type { Conformance } from './subject.ts'
import { stateOf, getStatus, ping } from './tools.ts'

/** Frozen instances: silent, awake again after the lease, mortal. */
export function describePausing({ runtime, events }: Conformance): void {
  test('a paused instance keeps its connections and says nothing until it is resumed', async () => {
    await runtime().pause('api-1', { by, leaseMs })
    const url = `${runtime().addresses.http('api-1')}/health/live`
    expect(await getStatus(url, silenceMs)).toBe('silent')
    expect(await stateOf(runtime(), 'api-1')).toBe('paused')
    await runtime().resume('api-1', { by })
    expect(await getStatus(url)).toBe(200)
    expect(events).toMatchObject([
      { instance: 'api-1', state: 'paused', by },
      { instance: 'api-1', state: 'ready', by },
    ])
  })

  test('a paused Postgres answers on no connection, not even on an open one', async () => {
    const client = new Client({ connectionString: runtime().addresses.databaseUrl })
    await client.connect()
    await runtime().pause('postgres', { by, leaseMs })
    const answer = client.query('SELECT 1')
    const silence = new Promise((resolve) => setTimeout(resolve, silenceMs, 'silent'))
    expect(await Promise.race([answer, silence])).toBe('silent')
    await runtime().resume('postgres', { by })
    expect((await answer).rowCount).toBe(1)
    await client.end()
  })

  test('a pause ends with its lease', async () => {
    await runtime().pause('redis', { by, leaseMs: 500 })
    expect(await stateOf(runtime(), 'redis')).toBe('paused')
    await vi.waitFor(async () => expect(await stateOf(runtime(), 'redis')).toBe('ready'), {
      timeout: 5_000,
    })
    expect(await ping(runtime().addresses.redisUrl)).toBe('PONG')
  })

  test('a paused instance can be killed, and comes back awake', async () => {
    await runtime().pause('payments', { by, leaseMs })
    await runtime().kill('payments', { by })
    await runtime().start('payments', { by })
    expect(await getStatus(`${runtime().addresses.http('payments')}/health/live`)).toBe(200)
  })
}
