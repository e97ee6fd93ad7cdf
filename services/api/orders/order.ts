/** What a client asks for. */
export interface OrderRequest {
  /** Idempotency-Key. */
  readonly key: string
  readonly sku: string
  readonly quantity: number
  readonly customer: string
  /** To be printed on the parcel's label. */
  readonly note: string | null
  /** To be engraved, one text per piece. */
  readonly lines: readonly string[]
}

export interface Order extends OrderRequest {
  readonly id: string
  readonly amountCents: number
}

/** An HTTP answer, as it is kept under the key. */
export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}
