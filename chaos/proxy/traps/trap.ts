import type { TrapRequest } from '#chaos/contracts/links.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

/** Ends a hold: the message is delivered, its connection is cut, or the message is dropped and the connection stays silent. */
export type Release = (then: 'deliver' | 'cut' | 'silence') => void

/** An armed trap and its state. */
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
  /** The exchange that must pass first has passed. */
  #ready: boolean
  readonly #over: () => void

  /** `over` is called when the trap no longer needs its links. */
  constructor(request: TrapRequest, over: () => void = () => {}) {
    this.request = request
    this.#over = over
    this.#pattern = wildcardPattern(request.exchange, { ignoreCase: true })
    this.#earlier =
      request.afterExchange && wildcardPattern(request.afterExchange.exchange, { ignoreCase: true })
    this.#ready = request.afterExchange === undefined
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

  /** An exchange passed that this trap may wait for. */
  passed(tags: readonly string[]): void {
    const wanted = this.request.afterExchange?.transaction
    if (wanted === undefined || tags.includes(wanted)) this.#ready = true
  }

  /** Counts the exchange if it matches; true when it springs the trap. */
  counts(tags: readonly string[], _signature: string): boolean {
    if (this.state !== 'armed' || !this.#ready) return false
    const { transaction, nth } = this.request
    if (transaction !== undefined && !tags.includes(transaction)) return false
    this.seen += 1
    return this.seen === nth
  }

  /** The trap has acted: its links need not be read for it any more. */
  finish(): void {
    this.state = 'sprung'
    this.cancelLease()
    this.#over()
  }

  /** Every link that must be read for the trap. */
  links(): readonly string[] {
    return [...new Set([...this.request.links, ...(this.request.afterExchange?.links ?? [])])]
  }

  /** Texts to look for in messages. */
  texts(): readonly string[] {
    const { transaction, afterExchange } = this.request
    return [transaction, afterExchange?.transaction].filter((text) => text !== undefined)
  }
}
