import type { TrapRequest } from '#chaos/contracts/links.ts'
import { patternOf } from '#chaos/lib/signature-pattern.ts'

/** Ends a hold: the message goes on, its connection is cut, or it is swallowed. */
export type Release = (then: 'deliver' | 'cut' | 'silence') => void

/** An armed trap and what became of it. */
export class Trap {
  request: TrapRequest
  /** `held`: it has sprung and its message waits. */
  state: 'armed' | 'held' | 'sprung' | 'expired' = 'armed'
  /** Matches so far, over all connections of all links. */
  seen = 0
  release: Release | undefined
  cancelLease: () => void = () => {}
  readonly #pattern: RegExp
  readonly #earlier: RegExp | undefined
  /** The exchange that must have passed first, has. */
  #ready: boolean
  readonly #over: () => void

  /** `over` is called when it needs its links no more. */
  constructor(order: TrapRequest, over: () => void = () => {}) {
    this.request = order
    this.#over = over
    this.#pattern = patternOf(order.exchange)
    this.#earlier = order.afterExchange && patternOf(order.afterExchange.exchange)
    this.#ready = order.afterExchange === undefined
  }

  get ready(): boolean {
    return this.#ready
  }

  /** Whether exchanges with this signature can spring it on this link. */
  wants(link: string, signature: string): boolean {
    return this.request.links.includes(link) && this.#pattern.test(signature)
  }

  /** Whether it waits for an exchange with this signature on this link before it counts. */
  waitsFor(link: string, signature: string): boolean {
    const { afterExchange } = this.request
    if (afterExchange === undefined || this.#ready) return false
    return afterExchange.links.includes(link) && this.#earlier?.test(signature) === true
  }

  /** An exchange passed that it may have waited for. */
  passed(tags: readonly string[]): void {
    const wanted = this.request.afterExchange?.transaction
    if (wanted === undefined || tags.includes(wanted)) this.#ready = true
  }

  /** Counts the exchange if it is one of those that count; true when this one springs the trap. */
  counts(tags: readonly string[], _signature: string): boolean {
    if (this.state !== 'armed' || !this.#ready) return false
    const { transaction, nth } = this.request
    if (transaction !== undefined && !tags.includes(transaction)) return false
    this.seen += 1
    return this.seen === nth
  }

  /** It has done its part: its links need not be read for it. */
  finish(): void {
    this.state = 'sprung'
    this.cancelLease()
    this.#over()
  }

  /** Every link that must be read for it. */
  links(): readonly string[] {
    return [...new Set([...this.request.links, ...(this.request.afterExchange?.links ?? [])])]
  }

  /** Texts to look for in messages. */
  texts(): readonly string[] {
    const { transaction, afterExchange } = this.request
    return [transaction, afterExchange?.transaction].filter((text) => text !== undefined)
  }
}
