import type { Look } from './look.ts'

/** What the rest of `chaos/` may ask of the data plane. Implemented over HTTP by `chaos/proxy/client/link-control.ts`. */

export interface Toxic {
  readonly name: string
  readonly type: string
  readonly stream: 'upstream' | 'downstream'
  /** The share of connections that it touches, 0 to 1; drawn once per connection. */
  readonly toxicity: number
  readonly attributes: Readonly<Record<string, number | string | boolean>>
}

/** A toxic that is on a link, and how the page draws the link because of it. */
export interface ToxicStatus extends Toxic {
  readonly look: Look
  /** A few words with the toxic's most important figure, such as `+200 ms`. */
  readonly label: string
}

export interface LinkStatus {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  readonly toxics: readonly ToxicStatus[]
  readonly connections: number
  readonly bytesUpstream: number
  readonly bytesDownstream: number
}

export interface NewToxic extends Omit<Toxic, 'stream' | 'toxicity'> {
  readonly stream?: Toxic['stream']
  readonly toxicity?: number
  /** The data plane takes the toxic away by itself when this is over. */
  readonly expiresInMs: number
}

export interface LinkEvent {
  readonly type: 'link'
  readonly link: string
  readonly what:
    | 'opened'
    | 'closed'
    | 'upstream-failed' // refused, unresolvable, too slow to accept
    | 'toxic-touched' // the first time that a toxic changed something on this connection
    | 'toxic-expired'
    | 'reset'
    | 'down'
    | 'up'
    | 'opaque' // the protocol could not be parsed: bytes pass untouched
  readonly connection?: number
  readonly toxic?: string
  readonly detail?: string
}

export interface LinkControl {
  list(): Promise<readonly LinkStatus[]>
  addToxic(link: string, toxic: NewToxic): Promise<void>
  /** Removing what is no longer there is no error: its lease may have ended. */
  removeToxic(link: string, toxic: string): Promise<void>
  /** Down: refuses new connections and closes live ones. Comes up again by itself when the lease is over. */
  takeDown(link: string, lease: { readonly expiresInMs: number }): Promise<void>
  bringUp(link: string): Promise<void>
  /** Resets (RST) every live connection of the link, once. */
  resetConnections(link: string): Promise<number>
  /** Every link up, without toxics and traps. Reaches all of them; names those that it could not mend. */
  heal(): Promise<readonly { readonly link: string; readonly error: string }[]>
  armTrap(trap: TrapRequest): Promise<void>
  /** Every trap since it was armed, until it is disarmed. */
  listTraps(): Promise<readonly TrapStatus[]>
  disarmTrap(id: string): Promise<void>
  /** Lets a held message go, or ends its connection. */
  releaseHeld(id: string, then: 'deliver' | 'cut' | 'silence'): Promise<void>
  /** Endless; reconnects by itself. Also keeps the data plane's heartbeat alive. */
  events(signal: AbortSignal): AsyncIterable<LinkEvent | TrapEvent | ExchangeEvent>
  /**
   * Exchanges are reported while somebody taps. Keys of the shop's own workload are known by their looks; `transactions`
   * are further texts to look for in messages.
   */
  tap(
    links: readonly string[],
    lease: { readonly expiresInMs: number; readonly transactions?: readonly string[] },
  ): Promise<AsyncDisposable>
}

/** A condition on an exchange, and what to do with the message that meets it. */
export interface TrapRequest {
  readonly id: string
  /** Link names; a pattern is resolved before it gets here. */
  readonly links: readonly string[]
  /** Signature such as `COMMIT`, `POST /charges`, `bullmq addJob`; `*` matches any run of characters. */
  readonly exchange: string
  /** Springs on the nth match, counted over all connections of all its links since it was armed; 1 is the first. */
  readonly nth: number
  /** Only exchanges of this business transaction: a text that its messages carry, such as the order's client key. */
  readonly transaction?: string
  /** Counts only from the moment at which such an exchange has begun: its request has been read. */
  readonly afterExchange?: {
    readonly links: readonly string[]
    readonly exchange: string
    readonly transaction?: string
  }
  /** `before`: parsed and not yet forwarded. `after`: executed, its reply is held back. */
  readonly phase: 'before' | 'after'
  readonly then:
    | { readonly do: 'cut' } // RST to both sides, the message is gone
    | { readonly do: 'silence' } // the message is gone, the connection stays open and mute
    | { readonly do: 'delay'; readonly delayMs: number }
    | { readonly do: 'deliver' } // only report
    | { readonly do: 'replace'; readonly reply: string } // answer with this (protocol's own error)
    | {
        /** Until {@link LinkControl.releaseHeld}. */
        readonly do: 'hold'
        /**
         * This end is about to die, and dying takes its time: meanwhile nothing passes on any other connection of it, on none of
         * its links. They are reset with the release, or when the connection of the message goes.
         */
        readonly dying?: 'caller' | 'callee'
      }
  readonly expiresInMs: number
}

/** A trap that was armed, and what became of it; listed until it is disarmed. */
export interface TrapStatus {
  readonly order: TrapRequest
  /** `held`: it has sprung, and its message waits for {@link LinkControl.releaseHeld}. */
  readonly state: 'armed' | 'held' | 'sprung' | 'expired'
  /** Matches so far. */
  readonly seen: number
}

export interface TrapEvent {
  readonly type: 'trap'
  readonly id: string
  readonly what: 'sprung' | 'released' | 'expired'
  readonly link?: string
  readonly connection?: number
  readonly exchange?: string
  readonly phase?: 'before' | 'after'
  readonly transaction?: string
  readonly detail?: string
}

/** One request unit or reply unit that passed a tapped link. */
export interface ExchangeEvent {
  readonly type: 'exchange'
  readonly link: string
  readonly connection: number
  /** Number of the exchange on its connection; request and reply share it. */
  readonly exchange: number
  readonly part: 'request' | 'reply'
  readonly signature: string
  readonly transaction?: string
  /** Further ones, when the messages carry several. */
  readonly otherTransactions?: readonly string[]
  readonly bytes: number
  /** Milliseconds on the data plane's monotonic clock. */
  readonly atMs: number
  /** A reply: milliseconds since its request was forwarded. */
  readonly tookMs?: number
  /** Short, readable excerpt of the content. */
  readonly summary?: string
  readonly status?: string
}
