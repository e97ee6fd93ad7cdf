import type { TrapRequest } from '#chaos/contracts/links.ts'

import { Trap } from './trap.ts'

/** What happens to the request with this signature; undefined: it passes. */
export type DecideRequest = (signature: string) => TrapRequest['then'] | undefined

/** A trap that looks at every request of its link and may spring each time. An HTTP toxic uses one per connection. */
export class RepeatingTrap extends Trap {
  readonly #decide: DecideRequest

  constructor(link: string, decide: DecideRequest) {
    super({
      id: 'toxic',
      links: [link],
      exchange: '*',
      nth: 1,
      phase: 'before',
      then: { do: 'deliver' },
      expiresInMs: 1,
    })
    this.#decide = decide
  }

  override counts(_tags: readonly string[], signature: string): boolean {
    const then = this.#decide(signature)
    if (then === undefined) return false
    this.request = { ...this.request, then }
    return true
  }

  override finish(): void {
    this.state = 'armed'
  }
}
