import { expect, test, vi } from 'vitest'

import { queryRedis } from './query.ts'
import type { Conformance } from './subject.ts'

/** Lines for a store that another process sends when a lease ends. */
export function describeLateLines({ runtime }: Conformance): void {
  test('a store receives a line when its lease ends, even if no process of the controller sends it', async () => {
    const { sendLater, addresses } = runtime()
    expect(sendLater).toBeDefined()
    const read = async () =>
      await queryRedis(addresses.redisUrl, async (redis) => await redis.get('late-line'))
    await sendLater?.('redis', { line: 'SET late-line sent', leaseMs: 300 })
    expect(await read()).toBeNull()
    await vi.waitFor(async () => expect(await read()).toBe('sent'), { timeout: 5_000 })
    await queryRedis(addresses.redisUrl, async (redis) => await redis.del('late-line'))
  })

  test('a line that was cancelled is not sent', async () => {
    const { sendLater, addresses } = runtime()
    // In Docker a container starts for each line: the lease must be longer than that takes.
    const cancelled = await sendLater?.('redis', { line: 'SET cancelled sent', leaseMs: 2_000 })
    await cancelled?.[Symbol.asyncDispose]()
    await sendLater?.('redis', { line: 'SET later-line sent', leaseMs: 2_000 })
    const read = async (key: string) =>
      await queryRedis(addresses.redisUrl, async (redis) => await redis.get(key))
    await vi.waitFor(async () => expect(await read('later-line')).toBe('sent'), { timeout: 10_000 })
    expect(await read('cancelled')).toBeNull()
    await queryRedis(addresses.redisUrl, async (redis) => await redis.del('later-line'))
  })
}
