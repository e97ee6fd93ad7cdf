import type { Protocol, RecentBytes, Stream } from './inspector.ts'

/** Receives what passes on the links. It changes nothing, and a call costs about a microsecond: it only keeps references. */
export interface Recorder {
  /** Called for each live connection, and later for each new one before its first byte; undefined: not recorded. */
  opened(connection: RecordedConnection): ConnectionRecorder | undefined
}

export interface RecordedConnection {
  /** Unique in this process. */
  readonly id: number
  readonly link: string
  readonly protocol: Protocol | undefined
  /** No byte has passed yet. */
  readonly fromStart: boolean
  /** As it is now. */
  readonly recent: RecentBytes
}

/**
 * Positions count the bytes that the source of a stream has sent. Bytes are recorded where the inspector of a link is: before
 * the toxics of the caller's bytes, after the toxics of the callee's bytes.
 * Times are on the clock of `performance.now()`.
 */
export interface ConnectionRecorder {
  /** It keeps no more bytes, so bytes need not be copied for it. */
  readonly isFull: boolean
  read(stream: Stream, chunk: RecordedChunk): void
  /** With stages: the callee's bytes up to this position have come. */
  arrived(at: number, atMs: number): void
  /** With stages: all bytes of the stream up to this position have left the link: written, or dropped. */
  gone(stream: Stream, at: number, passed: boolean, atMs: number): void
  /** All bytes of that stream have come. */
  ended(stream: Stream, atMs: number): void
  closed(atMs: number): void
}

export interface RecordedChunk {
  /** Must not change any more. */
  readonly bytes: Buffer
  /** Position after its last byte. */
  readonly at: number
  readonly atMs: number
  /** Stages may still hold, delay or drop it; else it has left the link. */
  readonly isStaged: boolean
}
