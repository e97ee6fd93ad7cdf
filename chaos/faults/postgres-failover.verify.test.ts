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

test('a commit that waits for a standby is never acknowledged by the old server', async () => {
  const waiting = await connectToLink()
  await waiting.query('SET synchronous_commit = on')
  const injecting = postgresFailover.inject(request('500ms'), world.context)
  const outcome = (async () => {
    for (;;) await insert(waiting, 3_000)
  })().catch((error: unknown) => error)
  const injected = await injecting
  // Its session ended while it waited.
  expect(await outcome).toMatchObject({ message: expect.stringContaining('terminated') })
  const fresh = await connectToLink()
  const kept = (await numbers(fresh)).filter((n) => n === 3_000).length
  await fresh.end()
  await injected[Symbol.asyncDispose]()
  const healed = await connectToLink()
  expect((await numbers(healed)).filter((n) => n === 3_000)).toHaveLength(kept)
  await healed.end()
})

test('a replica that a user has started is a replica again after the heal', async () => {
  await world.profiles.hold('postgres-replica', { holder: 'user' })
  const injected = await postgresFailover.inject(request('10ms'), world.context)
  await injected[Symbol.asyncDispose]()
  const healed = await connectToLink()
  await insert(healed, 4_000)
  await healed.end()
  await withPostgres(world.urlOf('postgres-replica'), async (replica) => {
    await expect.poll(async () => await numbers(replica)).toContain(4_000)
  })
})

test('a replica that was cut off for a failover that was aborted follows again', async () => {
  await world.profiles.hold('postgres-replica', { holder: 'user' })
  const abort = new AbortController()
  const injecting = postgresFailover.inject(request('1m'), {
    ...world.context,
    signal: abort.signal,
  })
  await withPostgres(world.urlOf('postgres-replica'), async (replica) => {
    const receivers = async () =>
      (await replica.query('SELECT FROM pg_stat_wal_receiver')).rowCount ?? 0
    await expect.poll(receivers, { timeout: 20_000 }).toBe(1)
    await expect.poll(receivers, { timeout: 20_000 }).toBe(0)
  })
  abort.abort(new Error('the run was aborted'))
  await expect(injecting).rejects.toThrow('the run was aborted')
  const after = await connectToLink()
  await insert(after, 5_000)
  await after.end()
  await withPostgres(world.urlOf('postgres-replica'), async (replica) => {
    await expect.poll(async () => await numbers(replica), { timeout: 20_000 }).toContain(5_000)
  })
})
