import type { TrapRequest, TrapStatus } from '#chaos/contracts/links.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import type {
  InspectedConnection,
  Inspection,
  InspectionHost,
  Inspector,
  Protocol,
} from '../plane/inspector.ts'
import { ConnectionInspector } from './connection-inspector.ts'
import { dialectFor } from './joining.ts'
import { LinkWatch } from './link-watch.ts'
import { Trap } from './trap.ts'

/** Sprung and expired traps are listed until they are disarmed; more than this, and the oldest are forgotten. */
const trapsMax = 1_000

interface Tap {
  readonly links: readonly string[]
  readonly transactions: readonly string[]
  cancelLease(): void
}

/** Traps and taps of the whole data plane. */
export function createInspection(host: InspectionHost): Inspection {
  return new TrapsAndTaps(host)
}

class TrapsAndTaps implements Inspection {
  readonly #host: InspectionHost
  readonly #traps = new Map<string, Trap>()
  readonly #taps = new Map<string, Tap>()
  readonly #watches = new Map<string, LinkWatch>()
  #tapCount = 0

  constructor(host: InspectionHost) {
    this.#host = host
  }

  inspect(connection: InspectedConnection): Inspector | undefined {
    const watch = this.#watches.get(connection.link)
    if (watch === undefined || watch.idle || connection.protocol === undefined) return undefined
    return new ConnectionInspector(connection, watch, this.#host)
  }

  arm(order: TrapRequest): void {
    checkRequest(order, this.#host)
    this.disarm(order.id)
    const [oldest] = this.#traps.keys()
    if (this.#traps.size >= trapsMax && oldest !== undefined) this.disarm(oldest)
    const trap = new Trap(order, () => this.#refresh(trap.links()))
    this.#traps.set(order.id, trap)
    trap.cancelLease = this.#host.after(order.expiresInMs, () => this.#expire(trap))
    this.#refresh(trap.links())
  }

  disarm(id: string): void {
    const trap = this.#traps.get(id)
    if (trap === undefined) return
    retire(trap)
    this.#traps.delete(id)
    this.#refresh(trap.links())
  }

  release(id: string, then: 'deliver' | 'cut' | 'silence'): void {
    const trap = this.#traps.get(id)
    if (trap === undefined) throw unknownName('trap', id, [...this.#traps.keys()])
    if (trap.release !== undefined) trap.release(then)
    // Sprung: the connection of the message has ended by itself meanwhile, and that is no error.
    else if (trap.state !== 'sprung')
      throw new InputError(`Trap "${id}" holds nothing: it is ${trap.state}.`, { status: 404 })
  }

  traps(): readonly TrapStatus[] {
    return [...this.#traps.values()].map((trap) => ({
      order: trap.request,
      state: trap.state,
      seen: trap.seen,
    }))
  }

  tap(links: readonly string[], lease: Parameters<Inspection['tap']>[1]): string {
    for (const link of links) protocolOf(link, this.#host)
    const id = lease.id ?? `tap-${(this.#tapCount += 1)}`
    const before = this.#taps.get(id)
    before?.cancelLease()
    const cancelLease = this.#host.after(lease.expiresInMs, () => this.untap(id))
    this.#taps.set(id, { links, transactions: lease.transactions ?? [], cancelLease })
    this.#refresh([...new Set([...links, ...(before?.links ?? [])])])
    return id
  }

  untap(id: string): void {
    const tap = this.#taps.get(id)
    if (tap === undefined) return
    tap.cancelLease()
    this.#taps.delete(id)
    this.#refresh(tap.links)
  }

  heal(): void {
    for (const id of this.#taps.keys()) this.untap(id)
    for (const id of this.#traps.keys()) this.disarm(id)
  }

  linksChanged(): void {
    const known = new Set(this.#host.links().map(({ name }) => name))
    for (const link of this.#watches.keys()) if (!known.has(link)) this.#watches.delete(link)
  }

  #expire(trap: Trap): void {
    if (trap.state !== 'armed' && trap.state !== 'held') return
    const detail = trap.state === 'held' ? 'the held message goes on' : 'it has never sprung'
    retire(trap)
    this.#host.emit({ type: 'trap', id: trap.request.id, what: 'expired', detail })
    this.#refresh(trap.links())
  }

  /** Tells each link what is wanted of it now. */
  #refresh(links: readonly string[]): void {
    const known = new Set(this.#host.links().map(({ name }) => name))
    for (const link of links) {
      if (!known.has(link)) continue
      const watch = this.#watches.get(link) ?? new LinkWatch(link)
      this.#watches.set(link, watch)
      const taps = [...this.#taps.values()].filter((tap) => tap.links.includes(link))
      watch.tapped = taps.length > 0
      watch.setTraps(
        [...this.#traps.values()].filter(
          (trap) =>
            (trap.state === 'armed' || trap.state === 'held') && trap.links().includes(link),
        ),
        taps.flatMap(({ transactions }) => transactions),
      )
      this.#host.setInspected(link, !watch.idle)
    }
  }
}

/** What it holds goes on, and it will not spring any more. */
function retire(trap: Trap): void {
  trap.cancelLease()
  trap.release?.('deliver')
  if (trap.state === 'armed') trap.state = 'expired'
}

function checkRequest(order: TrapRequest, host: InspectionHost): void {
  if (order.links.length === 0)
    throw new InputError(`Trap "${order.id}": no link.`, { remedy: 'Name at least one link.' })
  if (!Number.isSafeInteger(order.nth) || order.nth < 1)
    throw new InputError(`Trap "${order.id}": nth is ${order.nth}.`, {
      remedy: 'Count from 1: the first match is 1.',
    })
  const earlier = order.afterExchange?.links ?? []
  for (const link of [...order.links, ...earlier]) {
    const protocol = protocolOf(link, host)
    // Says now, and not when it springs, that this is no reply of the protocol.
    if (order.then.do === 'replace') dialectFor(protocol).errorReply(order.then.reply)
  }
}

function protocolOf(link: string, host: InspectionHost): Protocol {
  const links = host.links()
  const found = links.find(({ name }) => name === link)
  if (found === undefined)
    throw unknownName(
      'link',
      link,
      links.map(({ name }) => name),
    )
  if (found.protocol === undefined)
    throw new InputError(`Link "${link}" has no protocol that could be read.`, {
      remedy: 'Create it with "protocol": "http", "postgres" or "redis".',
    })
  return found.protocol
}
