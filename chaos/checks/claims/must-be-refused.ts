import type { Operation } from '#chaos/contracts/history.ts'

/** The refusals that the shop owes to an operation of the workload, by its tag. */
const owed: Readonly<Record<string, { readonly status: number; readonly words: string }>> = {
  'unknown-product': { status: 404, words: 'the product does not exist' },
  'unknown-order': { status: 404, words: 'the order does not exist' },
  'bad-quantity': { status: 400, words: 'a quantity of 0 is malformed' },
  'reused-key': { status: 422, words: 'the key belongs to an order with another body' },
}

/** The refusal that the shop owes to the operation. Undefined: it must serve the operation. */
export function owedRefusal({
  tags,
}: Pick<Operation, 'tags'>): { readonly status: number; readonly words: string } | undefined {
  const tag = tags.find((one) => Object.hasOwn(owed, one))
  return tag === undefined ? undefined : owed[tag]
}

/** Whether the shop must refuse the operation even without a fault. */
export function mustBeRefused(operation: Pick<Operation, 'tags'>): boolean {
  return owedRefusal(operation) !== undefined
}
