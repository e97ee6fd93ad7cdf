import type { SeamContract } from '../contract-probe.ts'
import { admissionContract } from './admission.ts'
import { askPaymentsContract } from './ask-payments.ts'
import { assessRiskContract } from './assess-risk.ts'
import { chargeOrderContract } from './charge-order.ts'
import { claimKeyContract } from './claim-key.ts'
import { databasePoolContract } from './database-pool.ts'
import { livenessContract } from './liveness.ts'
import { placeOrderContract } from './place-order.ts'
import { printLabelContract } from './print-label.ts'
import { publishPricesContract } from './publish-prices.ts'
import { quoteOrderContract } from './quote-order.ts'
import { readOrderMessageContract } from './read-order-message.ts'
import { readProductContract } from './read-product.ts'
import { reconcileContract } from './reconcile.ts'
import { reserveStockContract } from './reserve-stock.ts'
import { shutdownContract } from './shutdown.ts'
import { writeOrderMessageContract } from './write-order-message.ts'

/** The contract probes of every seam, by the seam's name. */
export const contracts = {
  admission: admissionContract,
  'ask-payments': askPaymentsContract,
  'assess-risk': assessRiskContract,
  'charge-order': chargeOrderContract,
  'claim-key': claimKeyContract,
  'database-pool': databasePoolContract,
  liveness: livenessContract,
  'place-order': placeOrderContract,
  'print-label': printLabelContract,
  'publish-prices': publishPricesContract,
  'quote-order': quoteOrderContract,
  'read-order-message': readOrderMessageContract,
  'read-product': readProductContract,
  reconcile: reconcileContract,
  'reserve-stock': reserveStockContract,
  shutdown: shutdownContract,
  'write-order-message': writeOrderMessageContract,
} as unknown as Readonly<Record<string, SeamContract<unknown>>>
