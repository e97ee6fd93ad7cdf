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
  // Another message of a paid order would belong to no flow.
  COMPARE_PAID_INTERVAL_MS: 0,
  SERVICE_MS: 5,
} as const

/**
 * The outbox relay of worker-2 polls rarely. Two relays with the same interval would race for every
 * message, and an exchange would have another instance in each run.
 */
export const slowRelay = { 'worker-2': { OUTBOX_POLL_MS: '10000' } } as const

/** How long the caller waits for a reply, and a worker until the lock of its job expires. */
export function patienceMs(caller: string, callee: string): number | undefined {
  const patience = {
    postgres: scaledTimers.DATABASE_QUERY_TIMEOUT_MS,
    redis: scaledTimers.REDIS_COMMAND_TIMEOUT_MS,
    payments: scaledTimers.PAYMENTS_TIMEOUT_MS,
  }[callee]
  return patience !== undefined && caller === 'worker'
    ? Math.max(patience, scaledTimers.JOB_LOCK_MS)
    : patience
}

/** An open order without a job and without an outbox message has no end after this time: the reconciler would have acted. */
export const reconciledWithinMs = scaledTimers.RECONCILE_AFTER_MS + 1_500
