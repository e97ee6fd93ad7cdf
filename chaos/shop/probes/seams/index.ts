import type { SeamContract } from '../contract-probe.ts'

/** The contract probes of every seam, by the seam's name. A process loads only those that it runs. */
export const contracts = {
  admission: async () => (await import('./admission.ts')).admissionContract,
  'ask-payments': async () => (await import('./ask-payments.ts')).askPaymentsContract,
  'assess-risk': async () => (await import('./assess-risk.ts')).assessRiskContract,
  'charge-order': async () => (await import('./charge-order.ts')).chargeOrderContract,
  'claim-key': async () => (await import('./claim-key.ts')).claimKeyContract,
  'commit-order': async () => (await import('./commit-order.ts')).commitOrderContract,
  'database-pool': async () => (await import('./database-pool.ts')).databasePoolContract,
  liveness: async () => (await import('./liveness.ts')).livenessContract,
  migrate: async () => (await import('./migrate.ts')).migrateContract,
  'place-order': async () => (await import('./place-order.ts')).placeOrderContract,
  'print-label': async () => (await import('./print-label.ts')).printLabelContract,
  'publish-prices': async () => (await import('./publish-prices.ts')).publishPricesContract,
  'quote-order': async () => (await import('./quote-order.ts')).quoteOrderContract,
  'read-charge': async () => (await import('./read-charge.ts')).readChargeContract,
  'read-order': async () => (await import('./read-order.ts')).readOrderContract,
  'read-order-message': async () =>
    (await import('./read-order-message.ts')).readOrderMessageContract,
  'read-product': async () => (await import('./read-product.ts')).readProductContract,
  'receive-payment-event': async () =>
    (await import('./receive-payment-event.ts')).receivePaymentEventContract,
  reconcile: async () => (await import('./reconcile.ts')).reconcileContract,
  'record-payment': async () => (await import('./record-payment.ts')).recordPaymentContract,
  'reserve-stock': async () => (await import('./reserve-stock.ts')).reserveStockContract,
  shutdown: async () => (await import('./shutdown.ts')).shutdownContract,
  'write-order-message': async () =>
    (await import('./write-order-message.ts')).writeOrderMessageContract,
} as unknown as Readonly<Record<string, () => Promise<SeamContract<unknown>>>>
