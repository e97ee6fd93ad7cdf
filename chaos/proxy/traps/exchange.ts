/** A request and its reply on one connection, as far as it is known. */
export interface Exchange {
  /** Number on its connection, from 1. */
  readonly number: number
  /** Empty until enough of the request is here to name it. */
  signature: string
  /** Business transactions that it belongs to. */
  tags: readonly string[]
  /** The whole reply is here. */
  answered: boolean
  /** Traps have looked at the reply. */
  judged: boolean
  /** What the caller gets instead of a reply: the server never sees the request. */
  replacement: Buffer | undefined
  /** Milliseconds on the host's clock when the request was there; 0 if nobody saw it. */
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
