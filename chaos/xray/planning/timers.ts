/**
 * Timers of the shop during an X-ray: the same code waits for shorter times, so that a matrix takes
 * minutes instead of an hour. The order of the timers is the same as in the shop: a statement times
 * out before its query, the lock of a job lasts longer than every call under it, the reconciler
 * acts last.
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
  // Longer than a process needs to restart on a busy machine: the reconciler must not race a
  // recovery.
  RECONCILE_AFTER_MS: 3_000,
  SERVICE_MS: 5,
} as const

/**
 * The outbox relay of worker-2 polls rarely. Two relays with the same interval would race for every
 * message, and an exchange would have another instance in each run.
 */
export const slowRelay = { instance: 'worker-2', OUTBOX_POLL_MS: 10_000 } as const

/** Timeout of the client's request. */
export const clientTimeoutMs = 1_500

const lateFactor = 1.3

/**
 * Delay of a late reply: it arrives after its caller's timeout and, in a worker, after the lock of
 * the job expires.
 */
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

/**
 * An open order without a job and without an outbox message is unfinished after this time: the
 * reconciler would have acted.
 */
export const silenceMaxMs = scaledTimers.RECONCILE_AFTER_MS + 1_500
/** An order that has not settled after this time is `stuck`. */
export const patienceMs = 12_000
/**
 * In a quick X-ray, an order that has sent no message for this time is `stuck`. It is longer than {@link slowMs}, so that a
 * slow order is not called stuck.
 */
export const stillMaxMs = 7_000
/** A correct order whose last message comes later than this is `ok-slow`. */
export const slowMs = 5_000
