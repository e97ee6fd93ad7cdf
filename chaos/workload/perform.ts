import type { Pool } from 'undici'

import type { Attempt, Operation } from '#chaos/contracts/history.ts'
import type { ClientBehaviour } from '#chaos/contracts/scenario.ts'
import type {
  ClientRequest,
  PlannedOperation,
  ResponseHeaders,
  StartedOperation,
} from '#chaos/contracts/system/workload.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { Balancer } from './balancer.ts'
import { classifyAttempt, classifyOperation } from './classify.ts'
import { retryAfterMs } from './retry-after.ts'
import { sendRequest } from './send-request.ts'

/** A planned operation at the moment it starts. */
export interface DueOperation {
  /** Number in the run, from 1. */
  readonly number: number
  readonly planned: PlannedOperation
  readonly started: StartedOperation
  /** Whether it changes something: then it is unknown without a response. */
  readonly changes: boolean
}

/** One attempt of a client at an operation with a key. */
export interface TracedAttempt {
  readonly key: string
  /** {@link Operation.id}: two operations can have the same key. */
  readonly operation: number
  /** From 1. */
  readonly attempt: number
}

export interface Client {
  readonly behaviour: ClientBehaviour
  readonly balancer: Balancer
  readonly pools: ReadonlyMap<string, Pool>
  readonly clock: Clock
  /** For the jitter of the backoff. */
  readonly random: Random
  readonly signal: AbortSignal
  /** The clock reading at 0 ms of the history. */
  readonly epochMs: number
  /** The header `traceparent` of a request with a key. Absent: requests do not have it. */
  readonly traceparent?: (of: TracedAttempt) => string
}

/**
 * Performs one operation like a real client: it sends a request, times out, backs off with jitter, retries at another instance
 * with the same key, and gives up at the deadline. A refused connection uses no retry, because nothing was sent: the next
 * attempt goes to the next instance at once. A Retry-After of a 503 or 429 is the shortest wait: the client gives up if it ends
 * after the deadline.
 */
export async function performOperation(client: Client, due: DueOperation): Promise<Operation> {
  const { behaviour, clock, epochMs } = client
  const { number, planned, started, changes } = due
  const startMs = clock.now() - epochMs
  const deadlineMs = startMs + behaviour.deadlineMs
  const attempts: Attempt[] = []
  let lastBody: unknown
  let lastHeaders: ResponseHeaders | undefined
  const avoid = new Set<string>()
  for (let retries = 0; ;) {
    const leftMs = deadlineMs - (clock.now() - epochMs)
    const timeoutMs = Math.min(behaviour.attemptTimeoutMs, leftMs)
    const { attempt, body, headers, askedMs } = await attemptOnce(
      client,
      traced(client, due, attempts.length + 1),
      avoid,
      timeoutMs,
    )
    attempts.push(attempt)
    lastBody = body
    lastHeaders = headers
    const result = classifyAttempt(attempt)
    const mayRetry = result !== 'refused' || askedMs !== undefined
    if (result === 'answered' || !mayRetry || client.signal.aborted) break
    const tryNext = result === 'not-sent' && avoid.size + 1 < client.pools.size
    if (result !== 'not-sent') avoid.clear()
    avoid.add(attempt.instance)
    if (tryNext) continue
    if (retries >= behaviour.retriesMax) break
    const waitMs = Math.max(askedMs ?? 0, backoff(behaviour, retries, client.random))
    if (clock.now() - epochMs + waitMs >= deadlineMs) break
    retries++
    await clock.sleep(waitMs, client.signal).catch(() => {})
    if (client.signal.aborted || clock.now() - epochMs >= deadlineMs) break
  }
  return {
    id: number,
    kind: planned.kind,
    ...(planned.key === undefined ? {} : { key: planned.key }),
    ...learned(started, attempts.at(-1), lastBody, lastHeaders),
    outcome: classifyOperation(changes, attempts),
    startMs: round(startMs),
    endMs: round(clock.now() - epochMs),
    attempts,
    tags: planned.tags,
  }
}

function traced({ traceparent }: Client, due: DueOperation, attempt: number): ClientRequest {
  const { request } = due.started
  const { key } = due.planned
  if (traceparent === undefined || key === undefined) return request
  const header = traceparent({ key, operation: due.number, attempt })
  return { ...request, headers: { ...request.headers, traceparent: header } }
}

function learned(
  { read }: StartedOperation,
  last: Attempt | undefined,
  body: unknown,
  headers: ResponseHeaders | undefined,
): Partial<Operation> {
  if (read !== undefined) return read(last, body, headers)
  const answer = last?.code ?? last?.error
  return answer === undefined ? {} : { answer }
}

async function attemptOnce(
  client: Client,
  request: ClientRequest,
  avoid: ReadonlySet<string>,
  timeoutMs: number,
): Promise<{
  attempt: Attempt
  body: unknown
  headers?: ResponseHeaders
  /** How long the server asks the client to wait. Undefined: not at all, or the client ignores it. */
  askedMs?: number | undefined
}> {
  const { clock, epochMs, signal } = client
  const instance = client.balancer.pick(avoid)
  const pool = client.pools.get(instance)
  if (pool === undefined) throw new RangeError(`There is no connection pool for ${instance}.`)
  const startMs = round(clock.now() - epochMs)
  const response = await sendRequest(pool, request, { timeoutMs, clock, signal })
  const when = { instance, startMs, endMs: round(clock.now() - epochMs) }
  if ('error' in response) return { attempt: { ...when, ...response }, body: undefined }
  const { status, body, answerHash, headers } = response
  const askedMs =
    client.behaviour.ignoresRetryAfter === true
      ? undefined
      : retryAfterMs(status, headers['retry-after']?.toString(), clock.wallTimeMs())
  const { error, definite } = (body ?? {}) as { error?: unknown; definite?: unknown }
  const refusal =
    status < 400
      ? {}
      : {
          ...(typeof error === 'string' ? { code: error } : {}),
          ...(typeof definite === 'boolean' ? { definite } : {}),
        }
  const claims = status < 400 && isClaims(body) ? { body } : {}
  const attempt = { ...when, status, answerHash, ...refusal, ...claims }
  return { attempt, body, headers, askedMs }
}

const bodyCharactersMax = 4_096

/** A success response whose contents the history keeps. */
function isClaims(body: unknown): body is Readonly<Record<string, unknown>> {
  return (
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    JSON.stringify(body).length <= bodyCharactersMax
  )
}

/** Exponential backoff in milliseconds, with jitter between 50 % and 100 %: clients that fail together do not retry together. */
function backoff(behaviour: ClientBehaviour, retries: number, random: Random): number {
  const ceilingMs = Math.min(behaviour.backoffMaxMs, behaviour.backoffMs * 2 ** retries)
  return ceilingMs * (0.5 + random.next() / 2)
}

/** Rounds to tenths of a millisecond, for short lines in the history. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
