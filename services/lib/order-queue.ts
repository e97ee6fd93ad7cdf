import { Queue } from 'bullmq'

import type { RedisConfig } from './config/redis-config.ts'
import type { JobLimits } from './job-limits.ts'
import { orderJobName, orderQueueName } from './order-message.ts'
import type { ReceivedMessage } from './order-message.ts'
import { createRedis } from './redis.ts'
import type { Log } from './start/log.ts'

/** Enqueues orders for the workers. */
export interface OrderQueue {
  /** Resolves when Redis has the job. After a rejection Redis may still have it. */
  enqueue(message: ReceivedMessage): Promise<void>
  /** Jobs that no worker has begun. */
  countWaiting(): Promise<number>
  close(): Promise<void>
}

export function createOrderQueue(config: RedisConfig, limits: JobLimits, log: Log): OrderQueue {
  // A separate connection with a timeout for each command. BullMQ's default waits for minutes (238
  // s measured).
  const connection = createRedis(config, log)
  const queue = new Queue<ReceivedMessage>(orderQueueName, { connection })
  queue.on('error', (error) => log.debug({ err: error }, 'order queue'))

  return {
    async enqueue(message) {
      // Until the first connection, `add` waits without a limit.
      if (connection.status !== 'ready') throw new Error('Redis is not connected.')
      await queue.add(orderJobName, message, {
        // The queue never holds the same order twice at once. The order may still be processed
        // twice: see record-payment.
        jobId: message.orderId,
        // The default is one: BullMQ would give up a job that fails once.
        attempts: limits.attempts,
        backoff: { type: 'jitter', delay: limits.backoffMs },
        // BullMQ keeps finished jobs forever by default, until Redis is full. While a finished job
        // is kept its id is taken, so the order could not be enqueued again.
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
