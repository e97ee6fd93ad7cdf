import type { SeamContract } from '../contract-probe.ts'
import { admissionContract } from './admission.ts'
import { chargeOrderContract } from './charge-order.ts'
import { livenessContract } from './liveness.ts'
import { printLabelContract } from './print-label.ts'
import { quoteOrderContract } from './quote-order.ts'
import { readProductContract } from './read-product.ts'
import { shutdownContract } from './shutdown.ts'

/** The contract probes of every seam, by the seam's name. */
export const contracts = {
  admission: admissionContract,
  'charge-order': chargeOrderContract,
  liveness: livenessContract,
  'print-label': printLabelContract,
  'quote-order': quoteOrderContract,
  'read-product': readProductContract,
  shutdown: shutdownContract,
} as unknown as Readonly<Record<string, SeamContract<unknown>>>
