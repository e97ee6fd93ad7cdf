import type { Liveness } from '#services/api/seams.ts'

/** A process that has not come round to its timers for so long is beyond help. */
const silentMaxMs = 3_000
let lastBeatAt = performance.now()
setInterval(() => {
  lastBeatAt = performance.now()
}, 100).unref()

/**
 * Right, by another design: it asks for something, but only for what a restart would mend: whether this process still
 * comes round to its own work.
 */
export const liveness: Liveness = async () => performance.now() - lastBeatAt < silentMaxMs
