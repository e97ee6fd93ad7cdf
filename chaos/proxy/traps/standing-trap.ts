import type { TrapRequest } from '#chaos/contracts/links.ts'
import type { Random } from '#chaos/lib/random.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import type { InspectedConnection, Inspector } from '../plane/inspector.ts'
import type { InspectorToxicContext } from '../toxics/lib/toxic-kind.ts'
import { ConnectionInspector } from './connection-inspector.ts'
import { LinkWatch } from './link-watch.ts'
import { Trap } from './trap.ts'

/** Which requests of HTTP are hit; every one of them is drawn by itself. */
export interface RequestChoice {
  /** The share of matching requests, 0 to 1. */
  readonly rate: number
  /** `*` or a method. */
  readonly method: string
  /** Path as in signatures, such as `/charges` or `/orders/:id`; `*` for any characters. */
  readonly route: string
}

/** Defaults of a choice, as attributes of a toxic. */
export const everyRequest = { rate: 1, method: '*', route: '*' } as const

/** A trap that springs again and again: what an HTTP toxic is on one connection. */
class StandingTrap extends Trap {
  readonly #choice: () => RequestChoice
  readonly #then: () => TrapRequest['then']
  readonly #random: Random

  constructor(
    link: string,
    choice: () => RequestChoice,
    then: () => TrapRequest['then'],
    random: Random,
  ) {
    const order: TrapRequest = {
      id: 'toxic',
      links: [link],
      exchange: '*',
      nth: 1,
      phase: 'before',
      then: then(),
      expiresInMs: 1,
    }
    super(order)
    this.#choice = choice
    this.#then = then
    this.#random = random
  }

  override counts(_tags: readonly string[], signature: string): boolean {
    const { rate, method, route } = this.#choice()
    if (!wildcardPattern(`${method} ${route}`, { ignoreCase: true }).test(signature)) return false
    // Attributes may have changed since the last one.
    this.order = { ...this.order, then: this.#then() }
    return this.#random.next() < rate
  }

  override finish(): void {
    this.state = 'armed'
  }
}

/** The inspector of an HTTP toxic: does `then` with the requests that are chosen. */
export function hitRequests(
  connection: InspectedConnection,
  context: Pick<InspectorToxicContext<RequestChoice>, 'attributes' | 'random' | 'timers' | 'touch'>,
  then: () => TrapRequest['then'],
): Inspector {
  const watch = new LinkWatch(connection.link)
  const choice = (): RequestChoice => context.attributes
  watch.setTraps([new StandingTrap(connection.link, choice, then, context.random)])
  // Configured for another protocol: it is read as HTTP, fails, and passes.
  const asHttp = Object.create(connection, {
    protocol: { value: 'http' },
  }) as InspectedConnection
  return new ConnectionInspector(asHttp, watch, {
    setInspected: () => {},
    links: () => [],
    silenceAll: () => () => {},
    emit: (event) => {
      if (event.type === 'trap' && event.what === 'sprung') context.touch()
    },
    now: () => context.timers.now(),
    after: (delayMs, run) => {
      const timer = context.timers.at(context.timers.now() + delayMs, run)
      return () => timer.cancel()
    },
  })
}
