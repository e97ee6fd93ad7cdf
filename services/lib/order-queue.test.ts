import { expect, test } from 'vitest'

import { createOrderQueue } from './order-queue.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

test('without a connection it does not wait for Redis', async () => {
  // No process listens there.
  const redis = { url: 'redis://127.0.0.1:1', instance: 'worker-1', commandTimeoutMs: 500 }
  const queue = createOrderQueue(redis, { attempts: 1, backoffMs: 1 }, log)
  await expect(queue.countWaiting()).rejects.toThrow('Redis is not connected.')
  await expect(queue.enqueue({ orderId: 'o-1' })).rejects.toThrow('Redis is not connected.')
  await queue.close()
})
