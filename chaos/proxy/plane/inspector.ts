import type {
  ConnectionAddresses,
  ExchangeEvent,
  LinkEvent,
  LinkHealth,
  RecordedMessages,
  RecordedTraffic,
  RecordingLimits,
  TrapEvent,
  TrapRequest,
  TrapStatus,
} from '#chaos/contracts/links.ts'

/**
 * The contract between a connection and the code that reads the protocol on it (traps, taps, HTTP toxics).
 *
 * A link without inspection only copies bytes. While a link is inspected, every connection has an inspector. It is in both
 * directions, between the caller and the toxics of the link:
 *
 *     caller --> inspector --> toxics --> callee          (stream `upstream`)
 *     caller <-- inspector <-- toxics <-- callee          (stream `downstream`)
 *
 * So the inspector sees the caller's bytes before all toxics, and the callee's bytes after all toxics.
 *
 * Rules:
 * - Everything is synchronous and in order. The inspector receives a chunk and owns it. It passes the chunk on with
 *   {@link InspectedConnection.forward}: at once, later, or in parts. Or it drops the chunk with
 *   {@link InspectedConnection.drop}. Bytes do not pass without one of these calls.
 * - Bytes that the inspector neither forwarded nor dropped are held. If a direction holds more than
 *   {@link heldLimitBytes}, the link stops reading on that side until the inspector passes bytes on. An inspector that
 *   holds a larger message until its end therefore never sees that end: decide from the head of a message, or forward it.
 * - If an inspector throws, the connection removes it, forwards the chunk that the inspector received last, and reports the
 *   connection as `opaque`. Bytes that the inspector held are lost.
 */
export type Stream = 'upstream' | 'downstream'

export type Protocol = 'http' | 'postgres' | 'redis'

/** If one direction holds more than this, the link stops reading on that side. */
export const heldLimitBytes = 8 * 1024 * 1024

/** Inspects one connection; made by {@link Inspection.inspect}. */
export interface Inspector {
  /** Receives the caller's bytes, in order. */
  upstream(chunk: Buffer): void
  /** Receives the callee's bytes, in order. */
  downstream(chunk: Buffer): void
  /** That side has sent its FIN. Pass it on with {@link InspectedConnection.end}, now or later. */
  ended(stream: Stream): void
  /** The link is no longer inspected: forward the bytes that are only parsed, and call `left()` when none are held. */
  leave(): void
  /** The connection is closed. No bytes can be forwarded. */
  closed(): void
}

/**
 * The last bytes that passed on a connection, for an inspector that joins in the middle. They are kept only on links whose
 * configuration names a protocol, because they cost a little time. The inspector uses them to find the gap between two
 * exchanges. A Postgres connection is in such a gap if its last bytes came from the server and end in ReadyForQuery
 * (`5a 00 00 00 05` and one of `I T E`). A Redis or HTTP connection very probably is, if its last bytes came from the server
 * some time ago. An inspector that joins inside an exchange forwards everything until the gap.
 */
export interface RecentBytes {
  /** The stream of the last byte; undefined before the first byte. */
  readonly last: Stream | undefined
  /** Milliseconds since the last byte. */
  readonly quietMs: number
  /** The last bytes of a stream, at most 16, on the caller's side of the toxics. */
  tail(stream: Stream): Buffer
}

/** One connection, as an inspector sees and controls it. */
export interface InspectedConnection {
  /** Unique in this process; events carry the same number. */
  readonly id: number
  /** Name of the link. */
  readonly link: string
  /** From the link's configuration. */
  readonly protocol: Protocol | undefined
  /** True if no byte has passed yet: the inspector sees the connection from its first byte. */
  readonly fromStart: boolean
  readonly recent: RecentBytes
  /** Absent: it is played back from a recording. */
  readonly addresses?: ConnectionAddresses
  /** Passes on bytes that came from that stream's source, in the order of the calls. */
  forward(stream: Stream, chunk: Buffer): void
  /** Drops bytes of that stream that the inspector holds. */
  drop(stream: Stream, bytes: number): void
  /** Sends new bytes in that direction (`downstream`: to the caller), in order with forwarded bytes. */
  inject(stream: Stream, chunk: Buffer): void
  /** Passes on the end of that stream. */
  end(stream: Stream): void
  /** Sends RST to both sides at once. Held bytes are lost. `closed()` follows. */
  cut(): void
  /** From now on no byte passes in either direction; both sockets stay open. */
  silence(): void
  /** The inspector holds no bytes: from now on bytes bypass it. */
  left(): void
  /** The inspector answers a request itself, with bytes that it injects: for recorders. */
  answered(chunk: Buffer): void
  /** Only on a connection that is played back from a recording. */
  readonly timing?: MessageTiming
  /** Emits an event, once per connection: its bytes could not be parsed and pass unchanged. */
  opaque(detail: string): void
}

/** When the bytes of a connection were sent, and when they left the link. */
export interface MessageTiming {
  /** Another stage may delay or drop the bytes of this stream. */
  isDelayed(stream: Stream): boolean
  /**
   * Calls `run` once, when the bytes that the inspector has received have left the connection, except the last `behind` of
   * them: `true` if they were written, `false` if they were dropped.
   */
  whenGone(stream: Stream, behind: number, run: (passed: boolean) => void): void
  /** When the callee sent those bytes, if a stage delayed them; undefined: not known, or not delayed. */
  sentAt(behind: number): number | undefined
  /** The callee's time of its first byte that has not reached the inspector; undefined: there is none. */
  sentNextAt(): number | undefined
}

/** What {@link Inspection} needs from the data plane. */
export interface InspectionHost {
  /**
   * Switches the inspection of a link on or off. On: `inspect()` is called now for each live connection, and later for each
   * new connection before its first byte. Off: `leave()` is called on each inspector. An unknown name is an error.
   */
  setInspected(link: string, on: boolean): void
  /** Every link's name and protocol. */
  links(): readonly { readonly name: string; readonly protocol: Protocol | undefined }[]
  /**
   * From now on no byte passes on any connection of this instance, on all its links. The connection `except` is not
   * affected. Where several replicas have connections of a link, only those with this address are. Call the result to reset the
   * silenced connections.
   */
  silenceAll(instance: string, except: number, address?: string): () => void
  /** Publishes an event on the event stream. */
  emit(event: TrapEvent | ExchangeEvent): void
  /** Monotonic milliseconds with a fraction, the clock of `ExchangeEvent.atMs`. */
  now(): number
  /** Calls `run` after `delayMs`: never early, late by less than a millisecond. Call the result to cancel. */
  after(delayMs: number, run: () => void): () => void
}

/** Traps and taps of the whole data plane. `createInspection` in `chaos/proxy/traps/index.ts` implements it. */
export interface Inspection {
  /** An inspector for this connection; undefined if no trap or tap needs one. */
  inspect(connection: InspectedConnection): Inspector | undefined
  /** Throws an InputError for a request that cannot be armed. A second request with the same id replaces the first. */
  arm(request: TrapRequest): void
  /** Delivers the held message. An unknown id is not an error. */
  disarm(id: string): void
  /** Throws an InputError (404) if this trap holds no message. */
  release(id: string, then: 'deliver' | 'cut' | 'silence'): void
  /** All traps that are not disarmed, in every state. */
  traps(): readonly TrapStatus[]
  /** Reports the exchanges of these links until `untap(id)` or the end of the lease; returns the id. Pass an id to renew it. */
  tap(
    links: readonly string[],
    lease: {
      readonly expiresInMs: number
      readonly id?: string
      /** Texts to look for in messages, in addition to the keys of the shop's own workload. */
      readonly transactions?: readonly string[]
      /** Counts the exchanges and does not report them. */
      readonly counts?: boolean
    },
  ): string
  untap(id: string): void
  /** Exchanges of the last seconds; undefined while no tap counts them. */
  counts(link: string): LinkHealth | undefined
  /** What happened on a link: a callee that cannot be reached is a failed exchange. */
  linkEvent(event: Pick<LinkEvent, 'link' | 'what'>): void
  /** Records the messages that carry a key, on all links, until {@link endRecording} or the end of the lease; returns the id. */
  record(limits: RecordingLimits): string
  /** Reads the messages in what was recorded. Throws an InputError (404) for an unknown id. */
  readRecording(id: string): Promise<RecordedMessages>
  /** What was recorded since the messages were read. Throws an InputError (404) for an unknown id. */
  recordedTraffic(id: string): RecordedTraffic
  /** An unknown id is not an error: the lease may have ended. */
  endRecording(id: string): void
  /** The controller is gone: it will not read them. */
  endRecordings(): void
  /** Disarms all traps, ends all taps, and delivers the held messages. Recordings continue: they change nothing. */
  heal(): void
  /** A link was added or removed: forget what belongs to removed links. */
  linksChanged(): void
}
