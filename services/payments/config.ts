import { readCommonConfig } from '#services/lib/config/common-config.ts'
import type { CommonConfig } from '#services/lib/config/common-config.ts'
import { readEnvironment } from '#services/lib/config/environment.ts'
import type { Environment, EnvironmentReader } from '#services/lib/config/environment.ts'

import type { CapacityLimits } from './capacity.ts'
import type { CallbackConfig } from './deliver-events.ts'
import type { EventTimes } from './event-log.ts'

export interface PaymentsConfig extends CommonConfig {
  /** File of the books. Undefined: in memory, lost with the process. */
  readonly booksFile: string | undefined
  readonly capacity: CapacityLimits
  /** Undefined: the shop is not called back, and the books have no events. */
  readonly callbacks: (CallbackConfig & EventTimes) | undefined
}

/** Throws StartError for a value that is missing or not valid. */
export function readPaymentsConfig(environment: Environment): PaymentsConfig {
  const read = readEnvironment(environment)
  const serviceMs = read.milliseconds('SERVICE_MS', 20)
  return {
    ...readCommonConfig(read, 'payments'),
    booksFile: read.optional('BOOKS_FILE'),
    capacity: {
      slots: read.count('CAPACITY', 20, 1),
      serviceMs,
      pushedServiceMs: read.milliseconds('SERVICE_PUSHED_MS', 2 * serviceMs),
      queueMax: read.count('QUEUE_MAX', 100),
    },
    callbacks: read.optional('CALLBACK_URL') === undefined ? undefined : readCallbacks(read),
  }
}

function readCallbacks(read: EnvironmentReader): CallbackConfig & EventTimes {
  return {
    url: read.url('CALLBACK_URL', ['http:', 'https:']),
    secret: read.text('CALLBACK_SECRET'),
    timeoutMs: read.milliseconds('CALLBACK_TIMEOUT_MS', 1_000, 1),
    runningMax: read.count('CALLBACKS_RUNNING_MAX', 10, 1),
    attemptsMax: read.count('CALLBACK_ATTEMPTS', 8, 1),
    backoffMs: read.milliseconds('CALLBACK_BACKOFF_MS', 200),
    backoffMaxMs: read.milliseconds('CALLBACK_BACKOFF_MAX_MS', 3_000),
    settleAfterMs: read.milliseconds('SETTLE_AFTER_MS', 300),
    disputeAfterMs: read.milliseconds('DISPUTE_AFTER_MS', 300),
  }
}
