import type { Protocol, Stream } from '../plane/inspector.ts'
import type { ReadEvent, TrafficEvent } from '../plane/recorder.ts'

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
interface TrafficRecord {
  /** The connection. */
  readonly id: number
  readonly event: TrafficEvent | OpenedEvent
}

interface OpenedEvent {
  readonly what: 'opened'
  readonly atMs: number
  readonly connection: OpenedConnection
}

/** What the head of a record says of an event. */
export type RecordHead =
  | TrafficEvent
  | Omit<ReadEvent, 'bytes'>
  | { readonly what: 'opened'; readonly atMs: number }

/** The first byte of a record is a place in this list. Files contain these numbers. */
const kinds = ['opened', 'read', 'arrived', 'gone', 'ended', 'closed'] as const
const [isDownstream, isStaged, hasPassed] = [1, 2, 4] as const
/** Kind, flags, two unused bytes, connection, bytes that follow, time, position. */
export const recordHeadBytes = 28
const [flagsAt, idAt, lengthAt, atMsAt, positionAt] = [1, 4, 8, 12, 20] as const

/** The bytes of the event, if it has some, follow the head. Called for each chunk that passes, so it is plain. */
export function writeRecordHead(
  view: DataView,
  start: number,
  id: number,
  event: RecordHead,
  payload: number,
): void {
  let [kind, flags, position] = [0, 0, 0]
  switch (event.what) {
    case 'opened':
      break
    case 'read':
      kind = 1
      flags = (event.stream === 'downstream' ? isDownstream : 0) | (event.isStaged ? isStaged : 0)
      position = event.at
      break
    case 'arrived':
      kind = 2
      position = event.at
      break
    case 'gone':
      kind = 3
      flags = (event.stream === 'downstream' ? isDownstream : 0) | (event.passed ? hasPassed : 0)
      position = event.at
      break
    case 'ended':
      kind = 4
      flags = event.stream === 'downstream' ? isDownstream : 0
      break
    case 'closed':
      kind = 5
  }
  view.setUint32(start, (kind << 24) | (flags << 16))
  view.setUint32(start + idAt, id)
  view.setUint32(start + lengthAt, payload)
  view.setFloat64(start + atMsAt, event.atMs)
  view.setFloat64(start + positionAt, position)
}

/**
 * The records in these bytes, in sequence; only those of these connections, if they are given. Stops before a record that is not
 * whole. The bytes of a chunk are not copied.
 */
export function* readRecords(
  bytes: Buffer,
  connections?: ReadonlySet<number>,
): Generator<TrafficRecord> {
  for (const { view, start, id, from, to } of placesOfRecords(bytes)) {
    if (connections?.has(id) === false) continue
    const event = eventOf(view, start, bytes.subarray(from, to))
    if (event === undefined) return
    yield { id, event }
  }
}

/** Where the bytes of each chunk are, in sequence. */
export function* placesOfChunks(bytes: Buffer): Generator<ChunkPlace> {
  for (const { view, start, id, from, to } of placesOfRecords(bytes)) {
    if (kinds[view.getUint8(start)] !== 'read') continue
    const fromCallee = (view.getUint8(start + flagsAt) & isDownstream) !== 0
    yield { id, stream: fromCallee ? 'downstream' : 'upstream', from, to }
  }
}

interface ChunkPlace {
  /** The connection. */
  readonly id: number
  readonly stream: Stream
  readonly from: number
  readonly to: number
}

function* placesOfRecords(bytes: Buffer) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0; start + recordHeadBytes <= bytes.length;) {
    const from = start + recordHeadBytes
    const to = from + view.getUint32(start + lengthAt)
    if (to > bytes.length) return
    yield { view, start, id: view.getUint32(start + idAt), from, to }
    start = to
  }
}

function eventOf(view: DataView, start: number, bytes: Buffer): TrafficRecord['event'] | undefined {
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
