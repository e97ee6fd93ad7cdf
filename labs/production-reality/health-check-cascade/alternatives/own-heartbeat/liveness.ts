import type { Liveness } from '#services/api/seams.ts'

/** A process whose timers have not run for this long is beyond recovery. */
const silentMaxMs = 3_000
let lastBeatAt = performance.now()
setInterval(() => {
  lastBeatAt = performance.now()
}, 100).unref()

/**
 * Right, by another design: it checks one thing, and a restart fixes exactly that: whether this
 * process still runs its timers.
 */
export const liveness: Liveness = async () => performance.now() - lastBeatAt < silentMaxMs
