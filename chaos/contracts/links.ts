/** How the rest of `chaos/` controls the data plane. `chaos/proxy/client/link-control.ts` implements it over HTTP. */
import type { Look } from './look.ts'
import type { LinkRoute } from './runtime.ts'
import type { TopologyLink } from './topology.ts'

/** A tap that has begun. */
export interface Tap {
  readonly id: string
  /** The links that its pattern meant. */
  readonly links: readonly string[]
}

export interface Toxic {
  readonly name: string
  readonly type: string
  readonly stream: 'upstream' | 'downstream'
  /** The share of connections that the toxic touches, 0 to 1; drawn once per connection. Toxiproxy's name. */
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
  /** A connection of this link has used TLS, which passes as bytes. Absent: none has, or the link does not look for it. */
  readonly tls?: 'bytes'
  /** Absent: the exchanges are not counted. */
  readonly exchanges?: LinkHealth
}

/** The exchanges on a link over the last seconds, as the caller saw them. */
export interface LinkHealth {
  readonly windowMs: number
  /** Exchanges with a reply, and those that failed. */
  readonly ended: number
  /**
   * Of `ended`: a reply that says that the callee could not do its work (5xx, out of connections), a connection that ended
   * before the reply, and a callee that could not be reached.
   */
  readonly failed: number
  /** Median of the replies; null without replies. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  /** Requests that have no reply now. */
  readonly waiting: number
  /** How long the oldest of them has waited. */
  readonly waitsMs: number
}

export interface NewToxic extends Omit<Toxic, 'stream' | 'toxicity'> {
  readonly stream?: Toxic['stream']
  readonly toxicity?: number
  /** No view, event or metric of the data plane shows it. Only its name removes it before its lease ends. Absent: false. */
  readonly hidden?: boolean
  /** The lease: the data plane removes the toxic by itself after this time. */
  readonly expiresInMs: number
}

export interface LinkEvent {
  readonly type: 'link'
  readonly link: string
  readonly what:
    | 'opened'
    | 'closed'
    | 'upstream-failed' // refused, not resolved, or not accepted in time
    | 'toxic-touched' // the first time that a toxic changed data on this connection
    | 'toxic-missed' // the first time that the toxic could not change a message that it held; see `detail`
    | 'toxic-expired'
    | 'reset'
    | 'down'
    | 'up'
    | 'opaque' // the protocol could not be parsed: bytes pass unchanged
  readonly connection?: number
  readonly toxic?: string
  readonly detail?: string
}

/** A link that the data plane opens only when asked. */
export interface NewLink extends LinkRoute {
  readonly name: string
  readonly protocol: TopologyLink['protocol']
}

export interface LinkControl {
  list(): Promise<readonly LinkStatus[]>
  /** Opens a link. If it is open, it stays as it is. */
  open(link: NewLink): Promise<void>
  /** New connections of the link lead to this address. Live connections stay where they are. */
  lead(link: string, upstream: string): Promise<void>
  /** Removes a link: it closes its connections and does not listen. A link that does not exist is not an error. */
  remove(link: string): Promise<void>
  addToxic(link: string, toxic: NewToxic): Promise<void>
  /** A toxic that no longer exists is not an error: its lease may have ended. */
  removeToxic(link: string, toxic: string): Promise<void>
  /** The link refuses new connections, and closes live ones unless they are kept. It comes up by itself when the lease ends. */
  takeDown(
    link: string,
    lease: { readonly expiresInMs: number; readonly keepConnections?: boolean },
  ): Promise<void>
  bringUp(link: string): Promise<void>
  /** Resets (RST) every live connection of the link once. Returns how many. */
  resetConnections(link: string): Promise<number>
  /** Brings every link up and removes all toxics and traps. Continues after errors; returns the links that could not be healed. */
  heal(): Promise<readonly { readonly link: string; readonly error: string }[]>
  armTrap(trap: TrapRequest): Promise<void>
  /** Every trap that was armed and not yet disarmed. */
  listTraps(): Promise<readonly TrapStatus[]>
  disarmTrap(id: string): Promise<void>
  /** Delivers a held message, cuts its connection, or drops the message and leaves its connection open. */
  releaseHeld(id: string, then: 'deliver' | 'cut' | 'silence'): Promise<void>
  /**
   * Never ends; reconnects by itself. Reading it keeps the heartbeat alive, without which the data plane heals itself.
   * `onReconnect` is called after each lost connection: the data plane may have restarted without any toxic.
   */
  events(
    signal: AbortSignal,
    onReconnect?: () => void,
  ): AsyncIterable<LinkEvent | TrapEvent | ExchangeEvent>
  /**
   * Exchanges are reported while a tap exists. The data plane recognises the keys of the shop's own workload by their form;
   * `transactions` are further texts to find in messages. Disposing removes the tap.
   */
  tap(
    links: readonly string[],
    lease: {
      readonly expiresInMs: number
      readonly transactions?: readonly string[]
      /** Of a tap with the same id: renew it. */
      readonly id?: string
      /** Count the exchanges ({@link LinkStatus.exchanges}), do not report them. */
      readonly counts?: boolean
    },
  ): Promise<AsyncDisposable>
  /**
   * Records the messages that carry a key, on every link, in the memory of the data plane: no event is sent. A heal does not
   * end it. Disposing does.
   */
  record(limits: RecordingLimits): Promise<LinkRecording>
}

export interface RecordingLimits {
  readonly expiresInMs: number
  readonly messagesMax: number
  /** Of the recorded bytes, and of the messages as text. */
  readonly bytesMax: number
}

export interface LinkRecording extends AsyncDisposable {
  /** When it began. */
  readonly began: {
    /** Milliseconds on the data plane's clock, which every message has. */
    readonly nowMs: number
    /**
     * The same moment on the monotonic clock of the machine (`process.hrtime`), which all its processes share. Absent: not
     * known.
     */
    readonly machineMs?: number
  }
  /** Finds the messages in what was recorded so far. That costs time. */
  read(): Promise<RecordedMessages>
  /** What was recorded since the last {@link read}, as it passed. That costs little: the messages can be found later. */
  traffic(): Promise<RecordedTraffic>
}

/** Everything that passed on the links, as records of `chaos/proxy/recording/records.ts`. */
export interface RecordedTraffic {
  /** In sequence. A record can begin in one and end in the next. */
  readonly blocks: readonly Uint8Array[]
  /** Chunks that found the recording full. */
  readonly missed: number
  /** Milliseconds on the data plane's clock when the first chunk found the recording full. */
  readonly fullMs?: number
}

export interface RecordedMessages {
  /** {@link ExchangeEvent}s in the sequence in which they were sent: one JSON object in each line. */
  readonly lines: string
  readonly state: RecordingState
}

export interface RecordingState {
  readonly messages: number
  /** Messages that found the recording full. */
  readonly missed: number
  /** Milliseconds on the data plane's clock when the first message found the recording full. */
  readonly fullMs?: number
}

/** A condition on an exchange, and what happens to the message that meets it. */
export interface TrapRequest {
  readonly id: string
  /** Names of links. Patterns are already resolved. */
  readonly links: readonly string[]
  /** Signature such as `COMMIT`, `POST /charges`, `bullmq addJob`. `*` matches any characters; case does not matter. */
  readonly exchange: string
  /** Springs on the nth match since it was armed, counted over all connections of all its links. 1 is the first. */
  readonly nth: number
  /** Only exchanges whose messages carry this text, such as the client's key of an order. */
  readonly transaction?: string
  /** Counts only after such an exchange has begun, which means that its request was read. */
  readonly afterExchange?: {
    readonly links: readonly string[]
    readonly exchange: string
    readonly transaction?: string
  }
  /** `before`: the request was parsed and not yet forwarded. `after`: the request was executed and the reply not yet delivered. */
  readonly phase: 'before' | 'after'
  readonly then:
    | { readonly do: 'cut' } // RST to both sides; the message is lost
    | { readonly do: 'silence' } // the message is lost; the connection stays open and carries nothing more
    | { readonly do: 'delay'; readonly delayMs: number }
    | { readonly do: 'deliver' } // only report
    | { readonly do: 'replace'; readonly reply: string } // the caller receives this reply (the protocol's own error)
    | {
        /** Until {@link LinkControl.releaseHeld}. */
        readonly do: 'hold'
        /**
         * This end is about to be killed, which takes time. Until the release, nothing passes on its other connections, on any
         * of its links. They are reset with the release, or when the connection of the message ends.
         */
        readonly dying?: 'caller' | 'callee'
      }
  readonly expiresInMs: number
}

/** A trap that was armed, and its state. It is listed until it is disarmed. */
export interface TrapStatus {
  readonly order: TrapRequest
  /** `held`: it sprang and holds its message until {@link LinkControl.releaseHeld}. */
  readonly state: 'armed' | 'held' | 'sprung' | 'expired'
  /** Matches so far. */
  readonly seen: number
}

/** IP addresses, as the link sees them. Absent: there is no such end now. */
export interface ConnectionAddresses {
  readonly caller?: string
  readonly callee?: string
}

export interface TrapEvent {
  readonly type: 'trap'
  readonly id: string
  readonly what: 'sprung' | 'released' | 'expired'
  readonly link?: string
  readonly connection?: number
  /** IP addresses of both ends of the connection. With replicas, they say which of them has it. */
  readonly addresses?: ConnectionAddresses
  readonly exchange?: string
  readonly phase?: 'before' | 'after'
  readonly transaction?: string
  readonly detail?: string
}

/** A request or a reply that passed a tapped link. */
export interface ExchangeEvent {
  readonly type: 'exchange'
  readonly link: string
  readonly connection: number
  /** Number of the exchange on its connection; request and reply share it. */
  readonly exchange: number
  readonly part: 'request' | 'reply'
  readonly signature: string
  readonly transaction?: string
  /** Further transactions, if the message carries several. */
  readonly otherTransactions?: readonly string[]
  readonly bytes: number
  /** Milliseconds on the data plane's monotonic clock. */
  readonly atMs: number
  /** Only in a recording: when the sender had sent all of it. Absent with `lost`: of the message, nothing is known. */
  readonly sentMs?: number
  /** Only in a recording: when it left the link towards the receiver. Absent: it never did, or the recording ended first. */
  readonly deliveredMs?: number
  /** Only in a recording: it never left the link. */
  readonly lost?: true
  /** Only of a lost message: what is known in the data plane about the reason. */
  readonly why?: string
  /** Of a reply: milliseconds since its request was forwarded. */
  readonly tookMs?: number
  /** Short, readable excerpt of the content. */
  readonly summary?: string
  readonly status?: string
}
