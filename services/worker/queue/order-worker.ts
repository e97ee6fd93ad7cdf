import { Worker } from 'bullmq'
import type { Job, JobJson } from 'bullmq'
import { Redis } from 'ioredis'

import { backoffMs } from '#services/lib/backoff.ts'
import type { RedisConfig } from '#services/lib/config/redis-config.ts'
import { orderQueueName, parseMessage } from '#services/lib/order-message.ts'
import type { ReceivedMessage } from '#services/lib/order-message.ts'
import { jsonOf } from '#services/lib/parsing/parser.ts'
import { connectionOptions } from '#services/lib/redis.ts'
import type { Log } from '#services/lib/start/log.ts'
import { messageSpan } from '#services/lib/telemetry/message-span.ts'
import { noTelemetry } from '#services/lib/telemetry/telemetry.ts'
import type { Telemetry, Traceparent } from '#services/lib/telemetry/telemetry.ts'
import { takeTraceparent } from '#services/lib/telemetry/traceparent.ts'

import { watchConnection } from './watch-connection.ts'

export interface OrderWorkerConfig {
  readonly redis: RedisConfig
  readonly concurrency: number
  /** How long the worker owns a job without renewing its lock. It renews at half of this time. */
  readonly lockMs: number
  /** How often workers look for jobs whose lock has expired. */
  readonly stalledIntervalMs: number
  /** How often a job may lose its worker before the queue gives it up. */
  readonly stalledMax: number
  readonly backoffMaxMs: number
}

export interface OrderWorker {
  /** Resolves when the worker takes jobs for the first time. */
  ready(): Promise<void>
  /** Takes no new jobs. Resolves when the jobs in progress are done. */
  drain(): Promise<void>
  /** Abandons the jobs in progress: other workers take them when their locks expire. */
  close(): Promise<void>
}

/** One delivery of one message. */
export interface Delivery {
  readonly orderId: string
  /** Undefined if what the job contains is not a message about its order. */
  readonly message: ReceivedMessage | undefined
  /** True if the queue does not retry the job after this attempt. */
  readonly isLast: boolean
  /** The span that enqueued the job. Undefined: its sender has no telemetry. */
  readonly traceparent: Traceparent | undefined
  /** Deliveries of this job so far, this one included. One that lost its worker counts too. */
  readonly number: number
}

/**
 * Takes jobs from the queue and passes them to `handle`. If `handle` throws, the queue retries the
 * job.
 */
export function createOrderWorker(
  config: OrderWorkerConfig,
  log: Log,
  handle: (delivery: Delivery) => Promise<void>,
  telemetry: Telemetry = noTelemetry,
): OrderWorker {
  const connection = new Redis(config.redis.url, {
    ...connectionOptions(config.redis),
    // BullMQ requires this value, because its blocking read has to wait. A commandTimeout here
    // would break that read every time.
    maxRetriesPerRequest: null,
  })
  const process = async (job: Job<unknown>): Promise<void> => {
    const delivery = deliveryOf(job)
    const { orderId, traceparent: parent, number } = delivery
    await telemetry.inSpan(
      () => messageSpan('process orders', orderId, { parent, delivery: number }),
      async () => await handle(delivery),
    )
  }
  const worker = new ParsingWorker(orderQueueName, process, {
    connection,
    concurrency: config.concurrency,
    lockDuration: config.lockMs,
    stalledInterval: config.stalledIntervalMs,
    // The default is 1: BullMQ would give up an order whose worker was killed twice, by a deploy
    // and a crash.
    maxStalledCount: config.stalledMax,
    // The default is 5 s: a blocking read without a reply would end only after that plus one
    // second.
    drainDelay: 1,
    // The default is 15 s: after a lost connection a finished job would stay active for that
    // long.
    runRetryDelay: 500,
    settings: {
      backoffStrategy: (attempt, _type, _error, job) =>
        backoffMs({ baseMs: backoffBase(job), maxMs: config.backoffMaxMs }, attempt - 1),
    },
  })
  worker.on('error', (error) => log.warn({ err: error }, 'queue'))
  worker.on('stalled', (jobId) => log.warn({ jobId }, 'job lost its worker and is retried'))
  worker.on('failed', (job, error) => {
    log.warn({ jobId: job?.id, attempt: job?.attemptsMade, err: error }, 'job failed')
  })
  const watch = watchConnection(connection, { log, timeoutMs: 3 * config.redis.commandTimeoutMs })

  return {
    ready: async () => {
      await worker.waitUntilReady()
    },
    // worker.close() would also do this, but it has no limit and cannot be shortened afterwards.
    drain: async () => await worker.pause(),
    async close() {
      const stopped = watch.stop()
      await worker.close(true)
      connection.disconnect()
      await stopped
    },
  }
}

/**
 * BullMQ parses the data of a job before it calls the worker. Data that is not JSON would throw there:
 * the job would stay active forever, and its id would block every new job of the order.
 */
class ParsingWorker extends Worker<unknown> {
  protected override createJob(job: JobJson, id: string): Job<unknown> {
    return super.createJob(jsonOf(job.data) === undefined ? { ...job, data: 'null' } : job, id)
  }
}

/** The queue gives every job the id of its order. */
function deliveryOf(job: Job<unknown>): Delivery {
  const received = parseMessage(job.data)
  // The shop's code, and that of a lab, receives the message as the API wrote it.
  const { message, traceparent } = received === undefined ? nothing : takeTraceparent(received)
  const orderId = job.id ?? message?.orderId ?? ''
  return {
    orderId,
    message: message?.orderId === orderId ? message : undefined,
    isLast: isLast(job),
    traceparent,
    number: job.attemptsStarted,
  }
}

const nothing = { message: undefined, traceparent: undefined }

function isLast(job: Job): boolean {
  return job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
}

function backoffBase(job: Pick<Job, 'opts'> | undefined): number {
  const backoff = job?.opts.backoff
  return typeof backoff === 'object' ? (backoff.delay ?? 0) : 0
}
