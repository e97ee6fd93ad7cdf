import { createHash, randomBytes } from 'node:crypto'

import type { TracedAttempt } from '#chaos/workload/perform.ts'

/**
 * The ids of the spans of clients. They follow from the key, so all requests with one key are one trace, and who sees a key in a
 * message knows the trace.
 */
export interface TraceIds {
  traceId(key: string): string
  operationSpanId(of: Omit<TracedAttempt, 'attempt'>): string
  attemptSpanId(of: TracedAttempt): string
  /** What a client sends in the header `traceparent`. */
  readonly traceparent: (of: TracedAttempt) => string
  /** Another run begins: its keys are those of earlier runs, and its traces are new. */
  renew(): void
}

/** Different sandboxes use the same keys, and so do the runs of one: a random text tells them apart. */
export function createTraceIds(
  freshSalt: () => string = () => randomBytes(8).toString('hex'),
): TraceIds {
  let salt = freshSalt()
  const hex = (text: string, characters: number): string =>
    createHash('sha256').update(`${salt}/${text}`).digest('hex').slice(0, characters)
  const ids: TraceIds = {
    traceId: (key) => hex(key, 32),
    operationSpanId: ({ key, operation }) => hex(`${key}/${operation}`, 16),
    attemptSpanId: ({ key, operation, attempt }) => hex(`${key}/${operation}/${attempt}`, 16),
    renew: () => void (salt = freshSalt()),
    traceparent: (of) => `00-${ids.traceId(of.key)}-${ids.attemptSpanId(of)}-01`,
  }
  return ids
}
