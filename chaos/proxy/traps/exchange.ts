/** A request and its reply on one connection, as far as they have come. */
export interface Exchange {
  /** Number on its connection, from 1. */
  readonly number: number
  /** Empty until enough of the request has come to name it. */
  signature: string
  /** Business transactions that it belongs to. */
  tags: readonly string[]
  /** The whole reply is here. */
  answered: boolean
  /** The traps have judged the reply. */
  judged: boolean
  /** Sent to the caller instead of a reply: the callee never receives the request. */
  replacement: Buffer | undefined
  /** Milliseconds on the host's clock when the request was whole; 0 when the request was not read. */
  requestedAtMs: number
}

export function newExchange(number: number): Exchange {
  return {
    number,
    signature: '',
    tags: [],
    answered: false,
    judged: false,
    replacement: undefined,
    requestedAtMs: 0,
  }
}
