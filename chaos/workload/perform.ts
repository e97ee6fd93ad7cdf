import type { Pool } from 'undici'

import type { Attempt, Operation } from '#chaos/contracts/history.ts'
import type { ClientBehaviour } from '#chaos/contracts/scenario.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { Random } from '#chaos/lib/random.ts'

import type { Balancer } from './balancer.ts'
import { buildRequest } from './build-request.ts'
import { classifyAttempt, classifyOperation } from './classify.ts'
import type { DueOperation } from './operation-to-do.ts'
import { readResponse } from './read-response.ts'
import { sendRequest } from './send-request.ts'
import type { ClientRequest } from './send-request.ts'

export interface Client {
  readonly behaviour: ClientBehaviour
  readonly balancer: Balancer
  readonly pools: ReadonlyMap<string, Pool>
  readonly clock: Clock
  /** For the jitter of backoff. */
  readonly random: Random
  readonly signal: AbortSignal
  /** Clock reading that the history's milliseconds count from. */
  readonly epochMs: number
}

/**
 * Does one operation as a real client does: attempt, time out, back off with jitter, try again elsewhere with the same
 * key, give up at the deadline. An instance that refuses the connection costs no retry: nothing was sent, the next is asked.
 */
export async function performOperation(client: Client, todo: DueOperation): Promise<Operation> {
  const { behaviour, clock, epochMs } = client
  const request = buildRequest(todo)
  const startMs = clock.now() - epochMs
  const deadlineMs = startMs + behaviour.deadlineMs
  const attempts: Attempt[] = []
  const answers: unknown[] = []
  const avoid = new Set<string>()
  for (let retries = 0; ;) {
    const leftMs = deadlineMs - (clock.now() - epochMs)
    const timeoutMs = Math.min(behaviour.attemptTimeoutMs, leftMs)
    const { attempt, body } = await attemptOnce(client, request, avoid, timeoutMs)
    attempts.push(attempt)
    answers.push(body)
    const result = classifyAttempt(attempt)
    if (result === 'answered' || result === 'refused' || client.signal.aborted) break
    const movesOn = result === 'not-sent' && avoid.size + 1 < client.pools.size
    if (result === 'unknown') avoid.clear()
    avoid.add(attempt.instance)
    if (movesOn) continue
    if (retries >= behaviour.retriesMax) break
    const waitMs = backoff(behaviour, retries, client.random)
    if (clock.now() - epochMs + waitMs >= deadlineMs) break
    retries++
    await clock.sleep(waitMs, client.signal).catch(() => {})
    if (client.signal.aborted || clock.now() - epochMs >= deadlineMs) break
  }
  return {
    ...readResponse(todo, attempts, answers),
    outcome: classifyOperation(todo.planned.kind, attempts),
    startMs: round(startMs),
    endMs: round(clock.now() - epochMs),
    attempts,
    tags: todo.planned.tags,
  }
}

async function attemptOnce(
  client: Client,
  request: ClientRequest,
  avoid: ReadonlySet<string>,
  timeoutMs: number,
): Promise<{ attempt: Attempt; body: unknown }> {
  const { clock, epochMs, signal } = client
  const instance = client.balancer.pick(avoid)
  const pool = client.pools.get(instance)
  if (pool === undefined) throw new RangeError(`no connection pool for ${instance}`)
  const startMs = round(clock.now() - epochMs)
  const reply = await sendRequest(pool, request, { timeoutMs, clock, signal })
  const when = { instance, startMs, endMs: round(clock.now() - epochMs) }
  if ('error' in reply) return { attempt: { ...when, ...reply }, body: undefined }
  const { status, body, answerHash } = reply
  const { error, definite } = (body ?? {}) as { error?: unknown; definite?: unknown }
  const refusal =
    status < 400
      ? {}
      : {
          ...(typeof error === 'string' ? { code: error } : {}),
          ...(typeof definite === 'boolean' ? { definite } : {}),
        }
  return { attempt: { ...when, status, answerHash, ...refusal }, body }
}

/** Exponential, between half and all of it: clients that failed together do not come back together. */
function backoff(behaviour: ClientBehaviour, retries: number, random: Random): number {
  const ceilingMs = Math.min(behaviour.backoffMaxMs, behaviour.backoffMs * 2 ** retries)
  return ceilingMs * (0.5 + random.next() / 2)
}

/** Tenths of a millisecond: what a loaded machine can measure, and short lines in the history. */
function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
