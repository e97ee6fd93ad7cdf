import type { Protocol, Stream } from '../plane/inspector.ts'
import type { TrafficEvent } from '../plane/recorder.ts'

/** A connection as it was when its recording began. */
export interface OpenedConnection {
  readonly link: string
  readonly protocol: Protocol | undefined
  /** No byte had passed yet. */
  readonly fromStart: boolean
  readonly last: Stream | undefined
  readonly quietMs: number
  /** The last bytes of each stream, in base64. */
  readonly tails: Readonly<Record<Stream, string>>
}

/** One record of a traffic log: a connection begins, or something happened on it. */
export interface TrafficRecord {
  /** The connection. */
  readonly id: number
  readonly event: TrafficEvent | OpenedEvent
}

interface OpenedEvent {
  readonly what: 'opened'
  readonly atMs: number
  readonly connection: OpenedConnection
}

/** The first byte of a record is a place in this list. A file contains these numbers: only append. */
const kinds = ['opened', 'read', 'arrived', 'gone', 'ended', 'closed'] as const
const [isDownstream, isStaged, hasPassed] = [1, 2, 4] as const
/** Kind, flags, two unused bytes, connection, bytes that follow, time, position. */
export const recordHeadBytes = 28
const [flagsAt, idAt, lengthAt, atMsAt, positionAt] = [1, 4, 8, 12, 20] as const

/** The event's own bytes follow the head. */
export function writeRecordHead(
  view: DataView,
  start: number,
  id: number,
  event: TrafficEvent | { readonly what: 'opened'; readonly atMs: number },
  payload: number,
): void {
  view.setUint8(start, kinds.indexOf(event.what))
  view.setUint8(start + flagsAt, flagsOf(event))
  view.setUint16(start + flagsAt + 1, 0)
  view.setUint32(start + idAt, id)
  view.setUint32(start + lengthAt, payload)
  view.setFloat64(start + atMsAt, event.atMs)
  view.setFloat64(start + positionAt, 'at' in event ? event.at : 0)
}

function flagsOf(event: TrafficEvent | { readonly what: 'opened' }): number {
  switch (event.what) {
    case 'read':
      return (event.stream === 'downstream' ? isDownstream : 0) | (event.isStaged ? isStaged : 0)
    case 'gone':
      return (event.stream === 'downstream' ? isDownstream : 0) | (event.passed ? hasPassed : 0)
    case 'ended':
      return event.stream === 'downstream' ? isDownstream : 0
    default:
      return 0
  }
}

/** The records in these bytes, in sequence. Stops before a record that is not whole. The bytes of a chunk are not copied. */
export function* readRecords(bytes: Buffer): Generator<TrafficRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0; start + recordHeadBytes <= bytes.length; ) {
    const from = start + recordHeadBytes
    const to = from + view.getUint32(start + lengthAt)
    if (to > bytes.length) return
    const event = eventOf(view, start, bytes.subarray(from, to))
    if (event === undefined) return
    yield { id: view.getUint32(start + idAt), event }
    start = to
  }
}

function eventOf(
  view: DataView,
  start: number,
  bytes: Buffer,
): TrafficRecord['event'] | undefined {
  const what = kinds[view.getUint8(start)]
  // Not a record of this version.
  if (what === undefined) return undefined
  const flags = view.getUint8(start + flagsAt)
  const stream: Stream = (flags & isDownstream) === 0 ? 'upstream' : 'downstream'
  const atMs = view.getFloat64(start + atMsAt)
  const at = view.getFloat64(start + positionAt)
  switch (what) {
    case 'opened':
      return { what, atMs, connection: JSON.parse(bytes.toString()) as OpenedConnection }
    case 'read':
      return { what, stream, bytes, at, atMs, isStaged: (flags & isStaged) !== 0 }
    case 'arrived':
      return { what, at, atMs }
    case 'gone':
      return { what, stream, at, atMs, passed: (flags & hasPassed) !== 0 }
    case 'ended':
      return { what, stream, atMs }
    case 'closed':
      return { what, atMs }
  }
}
