import type { Liveness } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

/** An outage shorter than this is tolerated. */
const patienceMs = 800
let lastAnswerAt = performance.now()

/**
 * Plausible: a short outage kills no instance. The instance is alive if the database has replied
 * recently. Fails `restarts-at-most`: the next outage is longer than that, and then all instances
 * fail their probes at the same time.
 */
export const liveness: Liveness = async ({ database }) => {
  void ask(database)
  return performance.now() - lastAnswerAt < patienceMs
}

async function ask(database: Database): Promise<void> {
  try {
    await database.query('SELECT 1')
    lastAnswerAt = performance.now()
  } catch {
    // Without a reply, lastAnswerAt stays as it is.
  }
}
