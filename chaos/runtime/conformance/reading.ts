import { expect, test, vi } from 'vitest'

import type { LogLine } from '#chaos/contracts/runtime.ts'

import { queryHttpStatus, queryPostgres, queryRedis } from './query.ts'
import { subjectNames, type Conformance } from './subject.ts'

const by = 'scenario'

/** What a runtime reports: status, addresses, data, logs. */
export function describeReading({ runtime, subject }: Conformance): void {
  test('every instance, store and the data plane is ready', async () => {
    const status = await runtime().status()
    expect(status.map(({ name }) => name).toSorted()).toEqual(subjectNames(subject).toSorted())
    expect(status.filter(({ state }) => state !== 'ready')).toEqual([])
    const kinds = Object.fromEntries(status.map(({ name, kind }) => [name, kind]))
    expect(kinds).toMatchObject({ 'api-1': 'service', redis: 'store', links: 'proxy' })
  })

  test('addresses reach services, stores and the data plane without a link', async () => {
    const { addresses } = runtime()
    for (const { name } of subject.topology.instances)
      expect(await queryHttpStatus(`${addresses.http(name)}/health/live`)).toBe(200)
    expect(await queryHttpStatus(`${addresses.clientUrl('api-1')}/health/live`)).toBe(200)
    expect(await queryHttpStatus(`${addresses.proxyUrl}/version`)).toBe(200)
    expect(await queryPostgres(addresses.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(await queryRedis(addresses.redisUrl, async (redis) => await redis.ping())).toBe('PONG')
  })

  test('stores keep their data through a crash', async () => {
    const { databaseUrl, redisUrl } = runtime().addresses
    await queryPostgres(databaseUrl, 'CREATE TABLE IF NOT EXISTS conformance (n integer)')
    await queryPostgres(databaseUrl, 'INSERT INTO conformance VALUES (7)')
    await queryRedis(redisUrl, async (redis) => await redis.set('conformance', 'kept'))
    for (const name of ['postgres', 'redis']) {
      await runtime().kill(name, { by })
      await runtime().start(name, { by })
    }
    expect(await queryPostgres(databaseUrl, 'SELECT n FROM conformance LIMIT 1')).toEqual([
      { n: 7 },
    ])
    expect(await queryRedis(redisUrl, async (redis) => await redis.get('conformance'))).toBe('kept')
    await queryPostgres(databaseUrl, 'DROP TABLE conformance')
  })

  test('logs return the last lines and follow new ones until the signal aborts', async () => {
    const end = new AbortController()
    const { signal } = end
    const last = await collectLines(runtime().logs('redis', { tail: 3 }))
    expect(last).toHaveLength(3)
    expect(last[0]).toMatchObject({ instance: 'redis', at: expect.stringMatching(/^\d{4}-.*Z$/) })
    const followed: LogLine[] = []
    const following = (async () => {
      for await (const line of runtime().logs('redis', { tail: 1, follow: true, signal }))
        followed.push(line)
    })()
    // The last line shows that it follows: what comes before that is not new.
    await vi.waitFor(() => expect(followed).toHaveLength(1), { timeout: 5_000 })
    await runtime().stop('redis', { by, graceMs: 10_000 })
    await vi.waitFor(() => expect(followed.length).toBeGreaterThan(1), { timeout: 5_000 })
    end.abort()
    await following
  })
}

async function collectLines(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const all: LogLine[] = []
  for await (const line of lines) all.push(line)
  return all
}
