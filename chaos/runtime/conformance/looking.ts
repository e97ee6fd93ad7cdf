import { expect, test, vi } from 'vitest'

import type { LogLine } from '#chaos/contracts/runtime.ts'
import { instances } from '#services/topology.ts'

import { by, names } from './common.ts'
import type { Conformance } from './subject.ts'
import { getStatus, query, selectOne, command, ping, collect } from './tools.ts'

/** What a runtime tells: status, addresses, data, logs. */
export function describeLooking({ runtime }: Conformance): void {
  test('every instance, store and the data plane is ready', async () => {
    const status = await runtime().status()
    expect(status.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
    expect(status.filter(({ state }) => state !== 'ready')).toEqual([])
    const kinds = Object.fromEntries(status.map(({ name, kind }) => [name, kind]))
    expect(kinds).toMatchObject({ 'api-1': 'service', redis: 'store', links: 'proxy' })
  })

  test('addresses lead straight to services, stores and the data plane', async () => {
    const { addresses } = runtime()
    for (const { name } of instances)
      expect(await getStatus(`${addresses.http(name)}/health/live`)).toBe(200)
    expect(await getStatus(`${addresses.clientUrl('api-1')}/health/live`)).toBe(200)
    expect(await getStatus(`${addresses.proxyUrl}/version`)).toBe(200)
    expect(await selectOne(addresses.databaseUrl)).toBe(1)
    expect(await ping(addresses.redisUrl)).toBe('PONG')
  })

  test('stores keep their data through a crash', async () => {
    const { databaseUrl, redisUrl } = runtime().addresses
    await query(databaseUrl, 'CREATE TABLE IF NOT EXISTS conformance (n integer)')
    await query(databaseUrl, 'INSERT INTO conformance VALUES (7)')
    await command(redisUrl, async (redis) => await redis.set('conformance', 'kept'))
    for (const name of ['postgres', 'redis']) {
      await runtime().kill(name, { by })
      await runtime().start(name, { by })
    }
    expect(await query(databaseUrl, 'SELECT n FROM conformance LIMIT 1')).toEqual([{ n: 7 }])
    expect(await command(redisUrl, async (redis) => await redis.get('conformance'))).toBe('kept')
    await query(databaseUrl, 'DROP TABLE conformance')
  })

  test('logs give the last lines, and follow what comes until the signal aborts', async () => {
    const end = new AbortController()
    const { signal } = end
    const last = await collect(runtime().logs('redis', { tail: 3 }))
    expect(last).toHaveLength(3)
    expect(last[0]).toMatchObject({ instance: 'redis', at: expect.stringMatching(/^\d{4}-.*Z$/) })
    const followed: LogLine[] = []
    const following = (async () => {
      for await (const line of runtime().logs('redis', { tail: 0, follow: true, signal }))
        followed.push(line)
    })()
    await runtime().stop('redis', { by, graceMs: 10_000 })
    await vi.waitFor(() => expect(followed.length).toBeGreaterThan(0), { timeout: 5_000 })
    end.abort()
    await following
  })
}
