import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startReplicaWorld } from '#chaos/runtime/local/testing/start-replica-world.ts'
import type { ReplicaWorld } from '#chaos/runtime/local/testing/start-replica-world.ts'

import { redisFailover } from './redis-failover.ts'

let world: ReplicaWorld
beforeAll(async () => {
  world = await startReplicaWorld()
})
afterAll(async () => await world[Symbol.asyncDispose]())

const request = (loses: string) =>
  ({ id: 'fault-1', targets: ['redis'], params: { loses }, by: 'user', leaseMs: 60_000 }) as const

/** A client of the shop, on a link. It does not reconnect. */
async function connectToLink(): Promise<Redis> {
  const redis = new Redis(world.runtime.addresses.port('api-1:redis'), '127.0.0.1', {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  redis.on('error', () => undefined)
  await redis.connect()
  return redis
}

test('the last acknowledged writes are gone, old connections are read-only, and the heal loses nothing', async () => {
  const old = await connectToLink()
  await old.set('before', '1')
  const injecting = redisFailover.inject(request('600ms'), world.context)
  // Acknowledged while the replica no longer receives anything.
  let acknowledged = 0
  const writing = (async () => {
    for (;;) {
      try {
        await old.set(`w${acknowledged}`, '1')
        acknowledged += 1
      } catch (error) {
        return error
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  const injected = await injecting
  expect(await writing).toMatchObject({ message: expect.stringMatching(/READONLY|LOADING/) })
  expect(injected.hit).toBeGreaterThan(5)
  expect(injected.mechanism).toContain(String(injected.hit))

  const fresh = await connectToLink()
  expect(await fresh.get('before')).toBe('1')
  expect(await fresh.exists(`w${acknowledged - 1}`)).toBe(0)
  expect(acknowledged - (await fresh.keys('w*')).length).toBeGreaterThanOrEqual(injected.hit ?? 0)
  await fresh.set('after', '1')
  expect(world.runtime.addresses.redisUrl).toBe(world.urlOf('redis-replica'))
  const links = await world.context.links.list()
  expect(injected.remainsOn?.(links)).toBe(true)

  const fromMs = performance.now()
  await injected[Symbol.asyncDispose]()
  expect(performance.now() - fromMs).toBeLessThan(5_000)
  expect(world.runtime.addresses.redisUrl).toBe(world.urlOf('redis'))
  expect(world.runtime.profiles?.on).toEqual([])
  const healed = await connectToLink()
  expect(await healed.mget('before', 'after')).toEqual(['1', '1'])
  await healed.set('healed', '1')
  for (const redis of [old, fresh, healed]) redis.disconnect()
})

test('an injection that is aborted before the promotion loses nothing', async () => {
  const abort = new AbortController()
  const { signal } = abort
  const injecting = redisFailover.inject(request('1m'), { ...world.context, signal })
  await expect.poll(async () => (await world.runtime.status()).length).toBe(9)
  const client = await connectToLink()
  await client.set('during', '1')
  abort.abort(new Error('the run was aborted'))
  await expect(injecting).rejects.toThrow('the run was aborted')
  expect(await client.set('after-abort', '1')).toBe('OK')
  expect(await client.get('during')).toBe('1')
  client.disconnect()
})

test('both servers crash during the failover: the heal starts them', async () => {
  const injected = await redisFailover.inject(request('50ms'), world.context)
  const fresh = await connectToLink()
  // The replica's own file is complete. Before that, a crash would lose everything.
  expect(await fresh.info('persistence')).toContain('aof_rewrite_in_progress:0')
  await fresh.set('kept', '1')
  fresh.disconnect()
  for (const store of ['redis', 'redis-replica']) await world.runtime.kill(store, { by: 'user' })
  await injected[Symbol.asyncDispose]()
  const healed = await connectToLink()
  expect(await healed.get('kept')).toBe('1')
  await healed.set('healed', '2')
  healed.disconnect()
})
