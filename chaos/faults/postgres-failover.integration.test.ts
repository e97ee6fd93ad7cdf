import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { databaseUrlAt } from '#chaos/runtime/local/stores/postgres.ts'
import { startReplicaWorld } from '#chaos/runtime/local/testing/start-replica-world.ts'
import type { ReplicaWorld } from '#chaos/runtime/local/testing/start-replica-world.ts'
import { system } from '#chaos/system.ts'

import { withPostgres } from './lib/postgres.ts'
import { postgresFailover } from './postgres-failover.ts'

let world: ReplicaWorld
beforeAll(async () => {
  world = await startReplicaWorld()
  await withPostgres(world.databaseUrl, (primary) => primary.query('CREATE TABLE kept (n integer)'))
})
afterAll(async () => await world[Symbol.asyncDispose]())

const request = (loses: string) =>
  ({
    id: 'fault-1',
    targets: ['postgres'],
    params: { loses },
    by: 'user',
    leaseMs: 60_000,
  }) as const

/** A session of the shop, through its link. */
async function connectToLink(): Promise<Client> {
  const port = world.runtime.addresses.port('api-1:postgres')
  const client = new Client({ connectionString: databaseUrlAt(port, system.name) })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function insert(client: Client, n: number): Promise<void> {
  await client.query('INSERT INTO kept VALUES ($1)', [n])
}

async function numbers(client: Client): Promise<number[]> {
  const { rows } = await client.query<{ n: number }>('SELECT n FROM kept ORDER BY n')
  return rows.map(({ n }) => n)
}

test('the last commits are gone, old sessions are read-only, and the heal loses nothing', async () => {
  const old = await connectToLink()
  await insert(old, 0)
  const injecting = postgresFailover.inject(request('500ms'), world.context)
  let committed = 0
  const writing = (async () => {
    for (;;) {
      try {
        await insert(old, committed + 1)
        committed += 1
      } catch (error) {
        return error
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  const injected = await injecting
  expect(await writing).toMatchObject({ code: '25006' })

  // The old session still reads what is gone.
  expect(await numbers(old)).toHaveLength(committed + 1)
  const fresh = await connectToLink()
  const kept = await numbers(fresh)
  expect(injected.hit).toBeGreaterThan(5)
  expect(committed + 1 - kept.length).toBe(injected.hit)
  expect(injected.mechanism).toContain(String(injected.hit))
  await insert(fresh, 1_000)
  expect(world.runtime.addresses.databaseUrl).toBe(world.urlOf('postgres-replica'))
  expect(injected.remainsOn?.(await world.context.links.list())).toBe(true)

  // Commits during the switch back are either refused or kept.
  const acknowledged: number[] = []
  const continuing = (async () => {
    for (let n = 2_000; ; n += 1)
      try {
        await insert(fresh, n)
        acknowledged.push(n)
      } catch {
        return
      }
  })()
  await injected[Symbol.asyncDispose]()
  await continuing
  expect(acknowledged.length).toBeGreaterThan(5)
  expect(world.runtime.addresses.databaseUrl).toBe(world.urlOf('postgres'))
  expect(world.runtime.profiles?.on).toEqual([])
  const healed = await connectToLink()
  const stored = await numbers(healed)
  expect(stored.filter((n) => n < 2_000)).toEqual([...kept, 1_000])
  expect(acknowledged.filter((n) => !stored.includes(n))).toEqual([])
  await insert(healed, 1_001)
  for (const client of [old, fresh, healed]) await client.end().catch(() => undefined)
})
