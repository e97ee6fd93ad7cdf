import { Client } from 'pg'
import { expect, test, vi } from 'vitest'

import { instanceState } from './instance-status.ts'
import { queryHttpStatus, queryRedis } from './query.ts'
import type { Conformance } from './subject.ts'

const by = 'scenario'
/** For pauses that the test ends itself. */
const leaseMs = 30_000
/** Longer than any normal response, shorter than a test. */
const silenceMs = 400

/** Paused instances: they do not answer, resume after the lease, and can be killed. */
export function describePausing({ runtime, events }: Conformance): void {
  test('a paused instance does not answer until it is resumed', async () => {
    await runtime().pause('api-1', { by, leaseMs })
    const url = `${runtime().addresses.http('api-1')}/health/live`
    expect(await queryHttpStatus(url, silenceMs)).toBe('silent')
    expect(await instanceState(runtime(), 'api-1')).toBe('paused')
    await runtime().resume('api-1', { by })
    expect(await queryHttpStatus(url)).toBe(200)
    expect(events).toMatchObject([
      { instance: 'api-1', state: 'paused', by },
      { instance: 'api-1', state: 'ready', by },
    ])
  })

  test('a paused Postgres does not answer on an open connection', async () => {
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
    expect(await instanceState(runtime(), 'redis')).toBe('paused')
    await vi.waitFor(async () => expect(await instanceState(runtime(), 'redis')).toBe('ready'), {
      timeout: 5_000,
    })
    expect(
      await queryRedis(runtime().addresses.redisUrl, async (redis) => await redis.ping()),
    ).toBe('PONG')
  })

  test('a paused instance can be killed and starts again unpaused', async () => {
    await runtime().pause('payments', { by, leaseMs })
    await runtime().kill('payments', { by })
    await runtime().start('payments', { by })
    expect(await queryHttpStatus(`${runtime().addresses.http('payments')}/health/live`)).toBe(200)
  })
}
