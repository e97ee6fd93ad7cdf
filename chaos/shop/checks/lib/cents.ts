import type { Charge, LedgerTransaction } from '../../truth/truth.ts'

/** What payments holds for these charges: captured amounts minus refunds. */
export function capturedCents(charges: readonly Charge[]): number {
  return charges
    .filter(({ status }) => status === 'captured')
    .reduce((sum, charge) => sum + charge.amountCents - charge.refundedCents, 0)
}

/** What payments owes the shop, by the shop's ledger. */
export function receivableCents(ledger: readonly LedgerTransaction[]): number {
  return ledger
    .flatMap(({ entries }) => entries)
    .filter(({ account }) => account === 'payments-receivable')
    .reduce((sum, { amountCents }) => sum + amountCents, 0)
}

/** `4.50` */
export function formatCents(cents: number): string {
  return (cents / 100).toFixed(2)
}
