/**
 * Finds where the units of one direction of a connection end. A unit is a message that a trap can hold: one whole request
 * or one whole reply. A framer never copies or keeps payload.
 */
export interface Framer {
  /**
   * Reads the chunk from `from`. Returns the offset at which the current unit ends, or the chunk's length when the unit
   * continues. Throws {@link ProtocolError} on bytes that cannot be this protocol.
   */
  scan(chunk: Buffer, from: number): number
  /** After a scan: the unit ended at the offset that was returned. */
  readonly ended: boolean
  /** After a scan: the unit is not whole, but its sender waits for a reply to the part that it has sent. */
  readonly urgent: boolean
}

/** These bytes are not the protocol of the link. The connection becomes opaque: its bytes pass and are not read. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}
