/** What a client requests. */
export interface OrderRequest {
  /** Idempotency-Key. */
  readonly key: string
  readonly sku: string
  readonly quantity: number
  readonly customer: string
  /** The text for the parcel's label. */
  readonly note: string | null
  /** Texts to engrave, one per piece. */
  readonly lines: readonly string[]
}

export interface Order extends OrderRequest {
  readonly id: string
  readonly amountCents: number
}

/** An HTTP response, as it is stored under the key. */
export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}
