import type { Protocol, RecentBytes, Stream } from './inspector.ts'

/** Receives what passes on the links. It changes nothing, and a call costs less than a microsecond: it only copies bytes. */
export interface Recorder {
  /** Called for each live connection, and later for each new one before its first byte; undefined: not recorded. */
  opened(connection: RecordedConnection): ConnectionRecorder | undefined
}

/** The part of the data plane that recordings need. */
export interface RecorderHost {
  /** The recorder receives what passes on every link that has a protocol. Call the result to end that. */
  startRecorder(recorder: Recorder): () => void
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

export interface ConnectionRecorder {
  /** It copies what it keeps: the bytes may change after the call. */
  add(event: TrafficEvent): void
  /** Returns its copy, which does not change any more: the pipe writes that one, so the bytes are copied once. */
  copy(read: PassingRead): Buffer
}

/**
 * What happened on one connection. `at` is a position: the number of bytes that the source of the stream has sent up to it.
 * `atMs` is on the clock of `performance.now()`. Bytes are recorded where the inspector of a link is: before the toxics of the
 * caller's bytes, after the toxics of the callee's bytes.
 */
export type TrafficEvent =
  | ReadEvent
  /** With stages: the callee's bytes up to this position have come. */
  | { readonly what: 'arrived'; readonly at: number; readonly atMs: number }
  /** With stages: all bytes of the stream up to this position have left the link: written, or dropped. */
  | {
      readonly what: 'gone'
      readonly stream: Stream
      readonly at: number
      readonly atMs: number
      readonly passed: boolean
    }
  /** The stream has ended. */
  | { readonly what: 'ended'; readonly stream: Stream; readonly atMs: number }
  | { readonly what: 'closed'; readonly atMs: number }

export interface ReadEvent {
  readonly what: 'read'
  readonly stream: Stream
  readonly bytes: Buffer
  /** Position after its last byte. */
  readonly at: number
  readonly atMs: number
  /** Stages may still hold, delay or drop it; else it has left the link. */
  readonly isStaged: boolean
}

/** A read that is about to be written as it is. */
export interface PassingRead extends Omit<ReadEvent, 'bytes'> {
  /** Other reads use it afterwards. */
  readonly buffer: Buffer
  /** The bytes are the first of the buffer. */
  readonly length: number
}
