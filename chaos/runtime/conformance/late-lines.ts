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
}
