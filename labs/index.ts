import type { Lab } from '#chaos/contracts/lab.ts'

import { labZero } from './first-steps/lab-zero/lab.ts'

/** Every lab, in teaching order. */
export const labs: readonly Lab[] = [labZero]
