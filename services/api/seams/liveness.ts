import type { Liveness } from '../seams.ts'

/**
 * That this runs is the answer. A restart mends nothing but this process, so nothing else may decide about it: if the
 * database is away, restarting all instances takes from the users what still works.
 */
export const liveness: Liveness = async () => true
