import type { PaymentMethod } from '#services/lib/payments-client.ts'

/** Ways to pay that we offer ourselves. */
export const ownMethods: readonly PaymentMethod[] = [{ method: 'invoice', feeCents: 0 }]
