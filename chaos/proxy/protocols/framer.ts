/**
 * Finds where the units of one direction of a connection end. A unit is what a trap can hold: one request with
 * everything that belongs to it, or one reply. A framer never copies or keeps payload.
 */
export interface Framer {
  /**
   * Reads the chunk from `from` on. Returns the offset at which the current unit ends, or the chunk's length when it
   * goes on. Throws {@link ProtocolError} on bytes that cannot be this protocol.
   */
  scan(chunk: Buffer, from: number): number
  /** After a scan: the unit ended at the offset that was returned. */
  readonly ended: boolean
  /** After a scan: the unit goes on, but its sender waits for an answer to what it has sent so far. */
  readonly urgent: boolean
}

/** These bytes are not the protocol of the link. The connection becomes opaque: it passes and nobody looks. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}
