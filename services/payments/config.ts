import { readCommonConfig } from '#services/lib/config/common-config.ts'
import type { CommonConfig } from '#services/lib/config/common-config.ts'
import { readEnvironment } from '#services/lib/config/environment.ts'
import type { Environment } from '#services/lib/config/environment.ts'

import type { CapacityLimits } from './capacity.ts'

export interface PaymentsConfig extends CommonConfig {
  /** File of the books. Undefined: in memory, lost with the process. */
  readonly booksFile: string | undefined
  readonly capacity: CapacityLimits
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
  }
}
