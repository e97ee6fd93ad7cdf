import type { ReceivedMessage } from '../order-message.ts'
import type { Telemetry, Traceparent } from './telemetry.ts'

const pattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Undefined for whatever is not a traceparent of version 00. */
export function parseTraceparent(value: unknown): Traceparent | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined
}

type Fields = Readonly<Record<string, unknown>>

/**
 * The message with the active span as its member `traceparent`. Readers ignore members that they do not know, so a worker of an
 * earlier version accepts it. Without an active span the message stays the same.
 */
export function withTraceparent<T extends Fields>(message: T, telemetry: Telemetry): T {
  const traceparent = telemetry.traceparent()
  return traceparent === undefined ? message : { ...message, traceparent }
}

/**
 * Takes the member `traceparent` out of a message, from any version of the API. A value that is not a traceparent is dropped: it must not
 * decide about an order.
 */
export function takeTraceparent(message: ReceivedMessage): {
  readonly message: ReceivedMessage
  readonly traceparent: Traceparent | undefined
} {
  const { traceparent, ...rest } = message
  return { message: rest, traceparent: parseTraceparent(traceparent) }
}
