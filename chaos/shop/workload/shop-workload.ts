import type { Workload } from '#chaos/contracts/scenario.ts'

/** What the clients of the shop send. */
export interface ShopWorkload extends Workload {
  /** The products that are ordered, with their relative shares. One SKU alone is a hot product. */
  readonly skus: readonly { readonly sku: string; readonly share: number }[]
  readonly quantityMax: number
  /** Browse requests ask for products that are in no cache. */
  readonly browseUncached: boolean
  /** Order reads request one of this many orders that were placed last. Absent: any order. */
  readonly readsAmongNewest?: number
  /** Share of orders that are sent twice at once with the same key, 0 to 1. */
  readonly duplicateShare: number
  /** Share of those duplicates whose body differs, 0 to 1. */
  readonly duplicateOtherBodyShare: number
  /** Orders (counted from 1) that are accepted and crash a worker that does not handle them. */
  readonly poisonOrders: readonly number[]
  /** Orders with many texts to engrave. The worker compares each text with every other. */
  readonly hugeOrders: readonly HugeOrder[]
  /** Adds some operations that the shop refuses even without a fault: unknown products, bad quantities, reused keys. */
  readonly refused: boolean
  /** Adds orders whose charge payments declines, as a share of the others: 0 to 1, and at least one unless 0. */
  readonly declinedShare: number
  /** Share of the orders whose charge payments refunds later, 0 to 1. Only payments that calls back does so. */
  readonly disputedShare: number
}

export interface HugeOrder {
  /** Counted from 1. */
  readonly order: number
  /** Number of texts. */
  readonly lines: number
  /** Nearly all texts are the same, which makes the order suspicious. */
  readonly alike: boolean
  /** Where the few different texts of such an order are. Absent: first. */
  readonly different?: 'first' | 'last' | 'spread'
  /** This share of the texts is the same, spread over the order: not enough to be suspicious. Absent: none. */
  readonly alikeShare?: number
}
