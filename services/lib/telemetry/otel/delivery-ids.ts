import { createHash } from 'node:crypto'

import type { SpanContext } from '@opentelemetry/api'
import { RandomIdGenerator } from '@opentelemetry/sdk-trace'
import type { IdGenerator } from '@opentelemetry/sdk-trace'

/**
 * The id of the span of a delivery. It follows from the message and the number of the delivery: so a worker can link to the
 * delivery before it, although another worker made that one and was killed before it exported anything.
 */
export function deliverySpanId({ traceId, spanId }: SpanContext, delivery: number): string {
  return createHash('sha256').update(`${traceId}/${spanId}/${delivery}`).digest('hex').slice(0, 16)
}

export interface DeliveryIds extends IdGenerator {
  /** The next span that `begin` starts has this id. */
  withSpanId<T>(id: string | undefined, begin: () => T): T
}

export function createDeliveryIds(): DeliveryIds {
  const random = new RandomIdGenerator()
  let next: string | undefined
  return {
    generateTraceId: () => random.generateTraceId(),
    generateSpanId: () => next ?? random.generateSpanId(),
    withSpanId(id, begin) {
      next = id
      try {
        return begin()
      } finally {
        next = undefined
      }
    },
  }
}
