import type { AssessRisk } from '#services/worker/seams.ts'

/** Nothing is computed, nothing stalls. */
export const assessRisk: AssessRisk = async () => 0
