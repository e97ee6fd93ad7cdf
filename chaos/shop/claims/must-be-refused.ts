import type { ShopOperation } from '../operation.ts'

/** An operation that the shop refuses even without a fault; `declined`: payments declines its charge. */
export type RefusedTag =
  | 'unknown-product'
  | 'unknown-order'
  | 'bad-quantity'
  | 'reused-key'
  | 'declined'

interface OwedRefusal {
  readonly status: number
  readonly words: string
}

/** The refusals that the shop owes to an operation of the workload, by its tag. */
const owed: Readonly<Record<Exclude<RefusedTag, 'declined'>, OwedRefusal>> = {
  'unknown-product': { status: 404, words: 'the product does not exist' },
  'unknown-order': { status: 404, words: 'the order does not exist' },
  'bad-quantity': { status: 400, words: 'a quantity of 0 is malformed' },
  'reused-key': { status: 422, words: 'the key belongs to an order with another body' },
}

/** The refusal that the shop owes to the operation. Undefined: it must serve the operation. */
export function owedRefusal({ tags }: Pick<ShopOperation, 'tags'>): OwedRefusal | undefined {
  return Object.entries(owed).find(([tag]) => tags.includes(tag))?.[1]
}

/** Whether the shop must refuse the operation even without a fault. */
export function mustBeRefused(operation: Pick<ShopOperation, 'tags'>): boolean {
  return owedRefusal(operation) !== undefined
}
