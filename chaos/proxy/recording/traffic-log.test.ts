import { expect, test } from 'vitest'

import type { RecordedConnection, TrafficEvent } from '../plane/recorder.ts'
import { readRecords } from './records.ts'
import { TrafficLog } from './traffic-log.ts'

const connection: RecordedConnection = {
  id: 7,
  link: 'redis',
  protocol: 'redis',
  fromStart: false,
  recent: { last: 'upstream', quietMs: 2.5, tail: (stream) => Buffer.from(stream.slice(0, 2)) },
}

const opened = {
  what: 'opened',
  atMs: 1_000,
  connection: {
    link: 'redis',
    protocol: 'redis',
    fromStart: false,
    last: 'upstream',
    quietMs: 2.5,
    tails: { upstream: 'dXA=', downstream: 'ZG8=' },
  },
}

function read(atMs: number, bytes: Buffer): TrafficEvent {
  return { what: 'read', stream: 'upstream', bytes, at: bytes.length, atMs, isStaged: false }
}

function logOf(bytesMax: number) {
  const log = new TrafficLog(bytesMax, () => 1_000)
  return { log, recorder: log.opened(connection) }
}

const eventsOf = (blocks: readonly Buffer[]) => blocks.flatMap((block) => [...readRecords(block)])

test('every event comes back as it was, with its connection', () => {
  const { log, recorder } = logOf(1_000_000)
  const events: TrafficEvent[] = [
    read(1.25, Buffer.from('PING\r\n')),
    { ...read(2, Buffer.alloc(0)), stream: 'downstream', isStaged: true } as TrafficEvent,
    { what: 'arrived', at: 2 ** 40, atMs: 3 },
    { what: 'gone', stream: 'upstream', at: 6, atMs: 4, passed: true },
    { what: 'gone', stream: 'downstream', at: 6, atMs: 4.5, passed: false },
    { what: 'ended', stream: 'downstream', atMs: 5 },
    { what: 'closed', atMs: 6 },
  ]
  for (const event of events) recorder.add(event)
  const all = [opened, ...events]
  expect(eventsOf(log.content())).toEqual(all.map((event) => ({ id: connection.id, event })))
})

test.each(['not full', 'full'])(
  'a passing read is copied once: the pipe writes bytes that do not change any more, with a log that is %s',
  (state) => {
    const { log, recorder } = logOf(state === 'full' ? 1 : 1_000)
    const buffer = Buffer.from('before, and what an earlier read left')
    const head = { what: 'read', stream: 'downstream', at: 6, atMs: 1, isStaged: false } as const
    const copy = recorder.copy({ ...head, buffer, length: 6 })
    buffer.write('after!')
    expect(copy.toString()).toBe('before')
    const kept = { id: connection.id, event: { ...head, bytes: Buffer.from('before') } }
    expect(eventsOf(log.content()).slice(1)).toEqual(state === 'full' ? [] : [kept])
    expect(log.missed).toBe(state === 'full' ? 1 : 0)
  },
)

test('the log keeps a copy: the bytes of a chunk may change afterwards', () => {
  const { log, recorder } = logOf(1_000)
  const bytes = Buffer.from('before')
  recorder.add(read(1, bytes))
  bytes.write('after!')
  expect(eventsOf(log.content())[1]?.event).toMatchObject({ bytes: Buffer.from('before') })
})

test('chunks that are larger than a block, and many small ones, stay in sequence', () => {
  const { log, recorder } = logOf(4_000_000)
  const sizes = [10, 900_000, 20, ...Array.from({ length: 1_000 }, (_, i) => 100 + i)]
  for (const [i, size] of sizes.entries()) recorder.add(read(i, Buffer.alloc(size, i)))
  const events = eventsOf(log.content()).slice(1)
  expect(events.map(({ event }) => 'bytes' in event && event.bytes.length)).toEqual(sizes)
  expect(events.every(({ event }, i) => 'bytes' in event && event.bytes[0] === i % 256)).toBe(true)
})

test('a full log stays full when it was read, and counts what it missed', () => {
  const { log, recorder } = logOf(300)
  for (const atMs of [1, 2, 3]) recorder.add(read(atMs, Buffer.alloc(20)))
  const [, ...kept] = eventsOf(log.take())
  recorder.add(read(4, Buffer.alloc(20)))
  recorder.add({ what: 'closed', atMs: 5 })
  expect(log.take()).toEqual([])
  expect(kept.map(({ event }) => event.atMs)).toEqual([1, 2])
  expect({ missed: log.missed, fullMs: log.fullMs }).toEqual({ missed: 2, fullMs: 3 })
})

test('what was taken is not in the log any more', () => {
  const { log, recorder } = logOf(1_000)
  recorder.add(read(1, Buffer.alloc(10)))
  const first = log.take()
  recorder.add({ what: 'closed', atMs: 2 })
  expect(eventsOf(first).map(({ event }) => event.what)).toEqual(['opened', 'read'])
  expect(eventsOf(log.take()).map(({ event }) => event.what)).toEqual(['closed'])
})

test('half a record, or one of a later version, ends the reading', () => {
  const { log, recorder } = logOf(1_000)
  recorder.add(read(1, Buffer.alloc(10)))
  const bytes = Buffer.concat(log.content())
  expect(eventsOf([bytes.subarray(0, -1)]).map(({ event }) => event.what)).toEqual(['opened'])
  expect(eventsOf([Buffer.concat([Buffer.alloc(28, 99), bytes])])).toEqual([])
})
