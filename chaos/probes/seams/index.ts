import type { SeamContract } from '../contract-probe.ts'
import { admissionContract } from './admission.ts'
import { livenessContract } from './liveness.ts'
import { printLabelContract } from './print-label.ts'
import { shutdownContract } from './shutdown.ts'

/** The contract probes of every seam, by the seam's name. */
export const contracts: Readonly<Record<string, SeamContract<unknown>>> = {
  admission: admissionContract,
  liveness: livenessContract,
  'print-label': printLabelContract,
  shutdown: shutdownContract,
} as Readonly<Record<string, SeamContract<never>>>
