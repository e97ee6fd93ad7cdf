import type { Liveness } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

/** A blip shorter than this is none of our business. */
const patienceMs = 800
let lastAnswerAt = performance.now()

/**
 * Plausible: nobody is killed for a short blip. The instance is alive as long as the database has answered a moment ago.
 * Fails `restarts-at-most`: the next blip is longer than the patience, and all instances lose it at the same time.
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
    // No answer is what the clock shows.
  }
}
