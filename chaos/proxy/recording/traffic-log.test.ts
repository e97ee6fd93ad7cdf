import { expect, test } from 'vitest'

import type { TrafficEvent } from '../plane/recorder.ts'
import { TrafficLog } from './traffic-log.ts'

const connection = {
  id: 1,
  link: 'redis',
  protocol: 'redis',
  fromStart: true,
  recent: { last: undefined, quietMs: 0, tail: () => Buffer.alloc(0) },
} as const

function read(atMs: number, bytes: number): TrafficEvent {
  return {
    what: 'read',
    stream: 'upstream',
    bytes: Buffer.alloc(bytes),
    at: 0,
    atMs,
    isStaged: false,
  }
}

function logOf(limits: { readonly eventsMax: number; readonly bytesMax: number }) {
  const played: TrafficEvent[] = []
  const log = new TrafficLog(limits, () => ({ play: (event) => void played.push(event) }))
  return { log, recorder: log.opened(connection), played }
}

test.each([
  ['events', { eventsMax: 2, bytesMax: 1_000 }],
  ['bytes', { eventsMax: 10, bytesMax: 25 }],
])(
  'a log that is full of %s stays full when it was read, and counts what it missed',
  (_, limits) => {
    const { log, recorder, played } = logOf(limits)
    for (const atMs of [1, 2, 3]) recorder.add(read(atMs, 10))
    expect(recorder.isFull).toBe(true)
    const playNext = log.take()
    while (playNext());
    recorder.add(read(4, 10))
    expect(log.take()()).toBe(false)
    expect(played.map(({ atMs }) => atMs)).toEqual([1, 2])
    expect({ missed: log.missed, fullMs: log.fullMs }).toEqual({ missed: 2, fullMs: 3 })
  },
)

test('each event is played once, on its connection, in sequence', () => {
  const { log, recorder, played } = logOf({ eventsMax: 10, bytesMax: 1_000 })
  recorder.add(read(1, 10))
  const first = log.take()
  recorder.add({ what: 'closed', atMs: 2 })
  while (first());
  expect(played.map(({ atMs }) => atMs)).toEqual([1])
  const second = log.take()
  while (second());
  expect(played.map(({ what }) => what)).toEqual(['read', 'closed'])
})
