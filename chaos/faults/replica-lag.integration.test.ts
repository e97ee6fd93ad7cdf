import { fork } from 'node:child_process'
import { once } from 'node:events'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startReplicaWorld } from '#chaos/runtime/local/testing/start-replica-world.ts'
import type { ReplicaWorld } from '#chaos/runtime/local/testing/start-replica-world.ts'

import { withPostgres } from './lib/postgres.ts'
import { replicaLag } from './replica-lag.ts'

let world: ReplicaWorld
beforeAll(async () => {
  world = await startReplicaWorld()
  await withPostgres(world.databaseUrl, (primary) =>
    primary.query('CREATE TABLE lagging (n integer)'),
  )
})
afterAll(async () => await world[Symbol.asyncDispose]())

const request = (targets: readonly string[], lag: string, leaseMs = 60_000) =>
  ({ id: 'fault-1', targets, params: { lag }, by: 'user', leaseMs }) as const

/** How long the replica takes until it shows a new row, in milliseconds. */
async function delayOf(n: number): Promise<number> {
  return await withPostgres(world.urlOf('postgres-replica'), async (replica) => {
    await withPostgres(world.databaseUrl, (primary) =>
      primary.query('INSERT INTO lagging VALUES ($1)', [n]),
    )
    const fromMs = performance.now()
    await expect
      .poll(async () => (await replica.query('SELECT FROM lagging WHERE n = $1', [n])).rowCount, {
        interval: 10,
      })
      .toBe(1)
    return performance.now() - fromMs
  })
}

test('the replica starts for the fault, shows each commit late, and ends with the fault', async () => {
  const injected = await replicaLag.inject(request(['postgres'], '1s'), world.context)
  expect(await delayOf(1)).toBeGreaterThan(700)
  await injected[Symbol.asyncDispose]()
  await injected[Symbol.asyncDispose]()
  expect(world.runtime.profiles?.on).toEqual([])
})

test('a replica that runs already stays, without the delay', async () => {
  await world.profiles.hold('postgres-replica', { holder: 'user' })
  const injected = await replicaLag.inject(request(['postgres-replica'], '10m'), world.context)
  await injected[Symbol.asyncDispose]()
  expect(await delayOf(2)).toBeLessThan(700)
})

test('the lease lives in the replica: the delay ends when the controller is dead', async () => {
  await world.profiles.hold('postgres-replica', { holder: 'user' })
  const child = fork(new URL('testing/lag-and-die.ts', import.meta.url), [
    world.urlOf('postgres-replica'),
  ])
  await once(child, 'message')
  child.kill('SIGKILL')
  // 10 minutes behind, until the lease of a second ends.
  expect(await delayOf(3)).toBeLessThan(10_000)
})

test('the lease stops no commit: the primary keeps the rows that it can see', async () => {
  await withPostgres(world.databaseUrl, (primary) =>
    primary.query('CREATE TABLE busy AS SELECT 0 AS n'),
  )
  await using _ = await replicaLag.inject(request(['postgres'], '100ms'), world.context)
  await withPostgres(world.databaseUrl, async (primary) => {
    for (let n = 1; n <= 300; n++) await primary.query('UPDATE busy SET n = $1', [n])
    await primary.query('VACUUM busy')
  })
  await withPostgres(world.urlOf('postgres-replica'), async (replica) => {
    await expect
      .poll(async () => (await replica.query('SELECT n FROM busy')).rows)
      .toEqual([{ n: 300 }])
  })
})
