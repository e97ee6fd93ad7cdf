import { Queue } from 'bullmq'

import type { RedisConfig } from './config/redis-config.ts'
import type { JobLimits } from './job-limits.ts'
import { orderJobName, orderQueueName } from './order-message.ts'
import type { OrderMessage } from './order-message.ts'
import { createRedis } from './redis.ts'
import type { Log } from './start/log.ts'

/** Where orders are put so that a worker takes them. */
export interface OrderQueue {
  /** Resolves when Redis has the job. After a rejection it may have it all the same. */
  enqueue(message: OrderMessage): Promise<void>
  /** Jobs that no worker has begun. */
  countWaiting(): Promise<number>
  close(): Promise<void>
}

export function createOrderQueue(config: RedisConfig, limits: JobLimits, log: Log): OrderQueue {
  // A connection of our own with a timeout for each command. BullMQ's default waits for minutes (238 s were measured).
  const connection = createRedis(config, log)
  const queue = new Queue<OrderMessage>(orderQueueName, { connection })
  queue.on('error', (error) => log.debug({ err: error }, 'order queue'))

  return {
    async enqueue(message) {
      // While it has never been connected, `add` waits without a limit.
      if (connection.status !== 'ready') throw new Error('Redis is not connected.')
      await queue.add(orderJobName, message, {
        // The same order is never queued twice at once. It is no promise against running twice: see record-payment.
        jobId: message.orderId,
        // One by default: a job that fails once would be given up.
        attempts: limits.attempts,
        backoff: { type: 'jitter', delay: limits.backoffMs },
        // Kept for ever by default, until Redis is full. And while a finished job is kept its id is taken: nobody could
        // put the order back.
        removeOnComplete: true,
        removeOnFail: true,
      })
    },
    countWaiting: async () => await queue.getWaitingCount(),
    async close() {
      await queue.close()
      connection.disconnect()
    },
  }
}
