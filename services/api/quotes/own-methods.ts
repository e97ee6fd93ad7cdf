import type { PaymentMethod } from '#services/lib/payments-client.ts'

/** Payment methods that the shop offers without payments. */
export const ownMethods: readonly PaymentMethod[] = [{ method: 'invoice', feeCents: 0 }]
