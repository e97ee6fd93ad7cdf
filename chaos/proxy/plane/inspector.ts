import type { ExchangeEvent, TrapEvent, TrapRequest, TrapStatus } from '#chaos/contracts/links.ts'

/**
 * The contract between a connection and whatever reads the protocol on it (traps, taps, HTTP toxics).
 *
 * A link that nobody inspects copies bytes and does nothing else. While its link is inspected, every connection has an
 * inspector that stands at the caller's side of the link's toxics, in both directions:
 *
 *     caller --> inspector --> toxics --> callee          (stream `upstream`)
 *     caller <-- inspector <-- toxics <-- callee          (stream `downstream`)
 *
 * so it sees what the caller sent before any toxic, and what the caller is about to get after all of them.
 *
 * Rules of the game:
 * - Everything is synchronous and in order. The inspector gets a chunk, owns it, and passes it on with
 *   {@link InspectedConnection.forward} at once, later, in parts, or accounts for it with {@link InspectedConnection.drop}.
 *   Nothing passes by itself.
 * - Bytes that it neither forwarded nor dropped count as held. When a direction holds more than {@link heldLimitBytes}, the
 *   link stops reading from that side until something is passed on, so an inspector that waits for the end of a larger
 *   message waits for ever: decide from the head of a message, or give up and forward.
 * - An inspector may throw: the connection then loses it, forwards what the inspector was just given, and is reported as
 *   `opaque`. What it held is lost, so hold in a way that survives, or do not throw.
 */
export type Stream = 'upstream' | 'downstream'

export type Protocol = 'http' | 'postgres' | 'redis'

/** More than this held in one direction stops the reading on that side. */
export const heldLimitBytes = 8 * 1024 * 1024

/** Made for one connection by {@link Inspection.inspect}. */
export interface Inspector {
  /** Bytes of the caller, in order. */
  upstream(chunk: Buffer): void
  /** Bytes of the callee, in order. */
  downstream(chunk: Buffer): void
  /** That side will send nothing more (FIN). Pass it on with {@link InspectedConnection.end}, now or later. */
  ended(stream: Stream): void
  /** The link is no longer inspected: forward what is only parsed, and call `left()` when nothing is held any more. */
  leave(): void
  /** The connection is gone, for whatever reason. Nothing can be forwarded any more. */
  closed(): void
}

/**
 * What passed last on a connection, for an inspector that joins in the middle. Only kept on links whose configuration
 * names a protocol, because that is cheap but not free. Good for finding a quiet point: a Postgres connection whose last
 * bytes came from the server and end in ReadyForQuery (`5a 00 00 00 05` and one of `I T E`) is between two exchanges; a
 * Redis or HTTP connection whose last bytes came from the server, and that has been quiet, is so with high probability. An inspector
 * that is not at a quiet point forwards everything until it is.
 */
export interface RecentBytes {
  /** Who spoke last; undefined when nobody has spoken yet. */
  readonly last: Stream | undefined
  /** Milliseconds since then. */
  readonly quietMs: number
  /** The last up to 16 bytes of each direction, as the caller's side of the link saw them. */
  tail(stream: Stream): Buffer
}

/** One connection, as an inspector sees and steers it. */
export interface InspectedConnection {
  /** Unique in this process; the same number as in events. */
  readonly id: number
  /** Name of the link. */
  readonly link: string
  /** From the link's configuration. */
  readonly protocol: Protocol | undefined
  /** True when no byte has passed yet: the inspector sees the connection from its first byte. */
  readonly fromStart: boolean
  readonly recent: RecentBytes
  /** Passes on bytes that came from that stream's source, in the order given. */
  forward(stream: Stream, chunk: Buffer): void
  /** Accounts for bytes of that stream that will never be passed on. */
  drop(stream: Stream, bytes: number): void
  /** Sends bytes of the inspector's own in that direction (`downstream`: to the caller), in order with forwarded ones. */
  inject(stream: Stream, chunk: Buffer): void
  /** Passes on the end of that stream. */
  end(stream: Stream): void
  /** RST to both sides at once; whatever is held or under way is gone. `closed()` follows. */
  cut(): void
  /** From now on nothing passes in either direction and nothing is answered; both sockets stay open. */
  silence(): void
  /** "I hold nothing and want no more": bytes bypass the inspector from now on. */
  left(): void
  /** Says on the event stream, once for this connection, that its bytes could not be parsed and pass untouched. */
  opaque(detail: string): void
}

/** What {@link Inspection} may ask of the data plane. */
export interface InspectionHost {
  /**
   * Switches inspection of a link on or off. On: `inspect()` is called for each of its live connections now, and for
   * each new one before its first byte. Off: `leave()` is called on each inspector. Unknown names are an error.
   */
  setInspected(link: string, on: boolean): void
  /** Every link's name and protocol. */
  links(): readonly { readonly name: string; readonly protocol: Protocol | undefined }[]
  /**
   * From now on nothing passes on any connection of this instance, on no link that it is an end of, but for one connection.
   * Call the result to reset them.
   */
  silenceAll(instance: string, except: number): () => void
  /** Publishes on the event stream. */
  emit(event: TrapEvent | ExchangeEvent): void
  /** Monotonic milliseconds with a fraction, the clock of `ExchangeEvent.atMs`. */
  now(): number
  /** Calls back after `delayMs`, never early, to a fraction of a millisecond; call the result to cancel it. */
  after(delayMs: number, run: () => void): () => void
}

/**
 * Traps and taps of the whole data plane; implemented in `chaos/proxy/traps/index.ts` as
 * `export function createInspection(host: InspectionHost): Inspection`. The HTTP routes are the data plane's:
 * `POST /traps`, `DELETE /traps/{id}`, `POST /traps/{id}/release`, `POST /taps`, `DELETE /taps/{id}`.
 */
export interface Inspection {
  /** An inspector for this connection, or undefined when nobody wants to inspect it. */
  inspect(connection: InspectedConnection): Inspector | undefined
  /** Throws an InputError for an order that cannot be armed. Arming an id again replaces the order. */
  arm(order: TrapRequest): void
  /** No error when it is not there any more. What it holds is delivered. */
  disarm(id: string): void
  /** Throws an InputError (404) when this trap holds nothing. */
  release(id: string, then: 'deliver' | 'cut' | 'silence'): void
  /** Every trap since it was armed, until it is disarmed. */
  traps(): readonly TrapStatus[]
  /** Reports exchanges of these links until `untap(id)` or until the lease is over; returns the id. Renewing: pass the id. */
  tap(
    links: readonly string[],
    lease: {
      readonly expiresInMs: number
      readonly id?: string
      /** Texts to look for in messages, beside the keys that are known by their looks. */
      readonly transactions?: readonly string[]
    },
  ): string
  untap(id: string): void
  /** Disarms and untaps everything; what is held is delivered. */
  heal(): void
  /** The link was removed or added; patterns are resolved by the caller, so this is only for forgetting. */
  linksChanged(): void
}
