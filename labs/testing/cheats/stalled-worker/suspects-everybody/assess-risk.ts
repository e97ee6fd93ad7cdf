import type { AssessRisk } from '#services/worker/seams.ts'

/** Every order is parked, so no customer is charged twice. */
export const assessRisk: AssessRisk = async () => 1
