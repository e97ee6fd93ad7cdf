import type { Lab } from '#chaos/contracts/lab.ts'

/** Every lab, in teaching order. */
export const labs: readonly Lab[] = []
