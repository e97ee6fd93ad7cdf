import type { Database } from '#services/lib/database.ts'

/** After this time without a message, the wait moves into Postgres. */
export const idleAfterMs = 30_000

/** How long one statement waits in Postgres, unless a timeout of the connection is shorter. */
const waitMs = 500

export interface OutboxWatchOptions {
  readonly database: Pick<Database, 'query'>
  readonly pollMs: number
  /** The timeouts of a statement; 0: none. */
  readonly timeoutsMs: readonly number[]
  readonly now: () => number
}

export interface OutboxWatch {
  /** Whether the outbox has a message that is not in the queue. */
  isAnythingWaiting(): Promise<boolean>
}

/**
 * Looks into the outbox. While the shop is idle, each look is one statement that waits in Postgres
 * for half a second and looks there every `pollMs`. So the first message is found as soon as with a
 * poll from here, but worker, link and network do nothing in between.
 */
export function watchOutbox({
  database,
  pollMs,
  timeoutsMs,
  now,
}: OutboxWatchOptions): OutboxWatch {
  const longestMs = Math.min(waitMs, ...timeoutsMs.filter((ms) => ms > 0).map((ms) => 0.7 * ms))
  let lastSeenMs = now()

  async function look(): Promise<boolean> {
    // A slow relay does not wait in Postgres: it would find messages sooner than it should.
    const isIdle = now() - lastSeenMs >= idleAfterMs && pollMs < longestMs
    if (isIdle) return await waitForOutbox(database, pollMs, longestMs)
    // The query is one statement, and usually there is nothing to move.
    const { rowCount } = await database.query(
      'SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1',
    )
    return rowCount === 1
  }

  return {
    async isAnythingWaiting() {
      try {
        const found = await look()
        if (found) lastSeenMs = now()
        return found
      } catch (error) {
        // After an error it polls as often as a busy relay.
        lastSeenMs = now()
        throw error
      }
    },
  }
}

async function waitForOutbox(
  database: Pick<Database, 'query'>,
  pollMs: number,
  longestMs: number,
): Promise<boolean> {
  const { rows } = await database.query<{ found: boolean }>(
    'SELECT wait_for_outbox($1, $2) AS found',
    [pollMs, longestMs],
  )
  return rows[0]?.found === true
}
