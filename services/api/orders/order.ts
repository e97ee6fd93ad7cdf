import { createParser } from '#services/lib/parsing/parser.ts'

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

const parseStored = createParser<Answer>({
  type: 'object',
  required: ['status', 'body'],
  properties: { status: { type: 'integer', minimum: 200, maximum: 599 }, body: { type: 'object' } },
})

/** A response that was stored under a key. Undefined for whatever is not a response. */
export function parseAnswer(value: unknown): Answer | undefined {
  const answer = parseStored(value)
  return answer === undefined ? undefined : { status: answer.status, body: answer.body }
}
