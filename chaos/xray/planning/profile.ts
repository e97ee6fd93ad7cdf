/**
 * How the shop is set up for an X-ray: the same code with shorter timers, so that the hundred waits of a matrix take
 * minutes and not an hour. Their order is the shop's own: a statement gives up before its query does, a job's lock outlives
 * every call that is made under it, the reconciler comes last.
 */
export const scaledTimers = {
  DATABASE_LOCK_TIMEOUT_MS: 250,
  DATABASE_STATEMENT_TIMEOUT_MS: 350,
  DATABASE_QUERY_TIMEOUT_MS: 450,
  DATABASE_ACQUIRE_TIMEOUT_MS: 450,
  DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS: 900,
  REDIS_COMMAND_TIMEOUT_MS: 300,
  PAYMENTS_TIMEOUT_MS: 450,
  JOB_LOCK_MS: 900,
  JOB_STALLED_INTERVAL_MS: 300,
  JOB_BACKOFF_MS: 100,
  JOB_BACKOFF_MAX_MS: 800,
  OUTBOX_POLL_MS: 30,
  RECONCILE_INTERVAL_MS: 300,
  // Longer than a process takes to come back on a busy machine: who repairs must not race who recovers.
  RECONCILE_AFTER_MS: 3_000,
  SERVICE_MS: 5,
} as const

/**
 * One relay is quick and the other one is its substitute: two that are equally quick would race for every message, and the
 * same exchange would be another one in each run.
 */
export const substitute = { instance: 'worker-2', OUTBOX_POLL_MS: 10_000 } as const

/** The client's own patience. */
export const clientTimeoutMs = 1_500

const lateFactor = 1.3

/** A reply is late when it comes after its caller has given up, and after the lock of the caller's job is gone. */
export function lateByMs(caller: string, callee: string): number {
  if (caller === 'client') return lateFactor * clientTimeoutMs
  const patience = {
    postgres: scaledTimers.DATABASE_QUERY_TIMEOUT_MS,
    redis: scaledTimers.REDIS_COMMAND_TIMEOUT_MS,
    payments: scaledTimers.PAYMENTS_TIMEOUT_MS,
  }[callee]
  const lock = caller === 'worker' ? scaledTimers.JOB_LOCK_MS : 0
  return lateFactor * Math.max(patience ?? clientTimeoutMs, lock)
}

/** Nothing moves for so long after the last of them would have come: what is not done by then never will be. */
export const silenceMaxMs = scaledTimers.RECONCILE_AFTER_MS + 1_500
/** An order that still moves after this is stuck. */
export const patienceMs = 12_000
/** The order's last message comes later than this: an outcome that is right, and slow. */
export const slowMs = 5_000
