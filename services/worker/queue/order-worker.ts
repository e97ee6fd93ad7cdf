import { Worker } from 'bullmq'
import type { Job } from 'bullmq'
import { Redis } from 'ioredis'

import { backoffMs } from '#services/lib/backoff.ts'
import type { RedisConfig } from '#services/lib/config/redis-config.ts'
import { orderQueueName } from '#services/lib/order-message.ts'
import type { OrderMessage } from '#services/lib/order-message.ts'
import { connectionOptions } from '#services/lib/redis.ts'
import type { Log } from '#services/lib/start/log.ts'

import { watchConnection } from './watch-connection.ts'

export interface OrderWorkerConfig {
  readonly redis: RedisConfig
  readonly concurrency: number
  /** How long a job is ours without a sign of life; renewed at half of it. */
  readonly lockMs: number
  /** How often workers look for jobs whose lock has ended. */
  readonly stalledIntervalMs: number
  /** How often a job may lose its worker before it is given up. */
  readonly stalledMax: number
  readonly backoffMaxMs: number
}

export interface OrderWorker {
  /** Resolves when the worker takes jobs for the first time. */
  ready(): Promise<void>
  /** Takes no new jobs; resolves when those in progress are done. */
  drain(): Promise<void>
  /** Gives up what is left: other workers take it when its lock has ended. */
  close(): Promise<void>
}

/** One delivery of one message. */
export interface Delivery {
  readonly message: OrderMessage
  /** True if the job is not tried again after this. */
  readonly isLast: boolean
}

/** Takes jobs from the queue and hands them to `handle`. What it throws makes the job be tried again. */
export function createOrderWorker(
  config: OrderWorkerConfig,
  log: Log,
  handle: (delivery: Delivery) => Promise<void>,
): OrderWorker {
  const connection = new Redis(config.redis.url, {
    ...connectionOptions(config.redis),
    // BullMQ insists on it: its blocking read has to wait. A commandTimeout here would break that read every time.
    maxRetriesPerRequest: null,
  })
  const worker = new Worker<OrderMessage>(
    orderQueueName,
    async (job) => await handle({ message: job.data, isLast: isLast(job) }),
    {
      connection,
      concurrency: config.concurrency,
      lockDuration: config.lockMs,
      stalledInterval: config.stalledIntervalMs,
      // 1 by default: an order whose worker was killed twice, by a deploy and a crash, would be given up.
      maxStalledCount: config.stalledMax,
      // 5 s by default: a blocking read that got no answer would only be given up after that and one second.
      drainDelay: 1,
      // 15 s by default: after a lost connection a finished job would stay active for so long.
      runRetryDelay: 500,
      settings: {
        backoffStrategy: (attempt, _type, _error, job) =>
          backoffMs({ baseMs: backoffBase(job), maxMs: config.backoffMaxMs }, attempt - 1),
      },
    },
  )
  worker.on('error', (error) => log.warn({ err: error }, 'queue'))
  worker.on('stalled', (jobId) => log.warn({ jobId }, 'job lost its worker and is tried again'))
  worker.on('failed', (job, error) => {
    log.warn({ jobId: job?.id, attempt: job?.attemptsMade, err: error }, 'job failed')
  })
  const watch = watchConnection(connection, { log, timeoutMs: 3 * config.redis.commandTimeoutMs })

  return {
    ready: async () => {
      await worker.waitUntilReady()
    },
    // worker.close() would do, but it has no limit and cannot be hurried afterwards.
    drain: async () => await worker.pause(),
    async close() {
      const stopped = watch.stop()
      await worker.close(true)
      connection.disconnect()
      await stopped
    },
  }
}

function isLast(job: Job): boolean {
  return job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
}

function backoffBase(job: Pick<Job, 'opts'> | undefined): number {
  const backoff = job?.opts.backoff
  return typeof backoff === 'object' ? (backoff.delay ?? 0) : 0
}
