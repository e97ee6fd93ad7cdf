import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { createJournal } from './journal.ts'

const textOf = (event: SandboxEvent) => (event.type === 'note' ? event.text : event.type)

test('events are numbered from 1 and carry the open run', () => {
  const journal = createJournal(systemClock)
  journal.note('info', 'before')
  {
    using _run = journal.openRun('run-1')
    journal.note('info', 'during')
  }
  journal.note('info', 'after')
  expect(journal.since(0).map(({ seq, run }) => [seq, run])).toEqual([
    [1, undefined],
    [2, 'run-1'],
    [3, undefined],
  ])
})

test('a reader that reconnects receives what it missed, and nothing twice', () => {
  const journal = createJournal(systemClock)
  const received: string[] = []
  const stop = journal.subscribe((event) => received.push(textOf(event)))
  journal.note('info', 'a')
  stop()
  const last = journal.lastSeq
  journal.note('info', 'b')
  journal.note('info', 'c')
  expect(received).toEqual(['a'])
  expect(journal.since(last).map(textOf)).toEqual(['b', 'c'])
  expect(journal.since(journal.lastSeq)).toEqual([])
})

test('the journal keeps the newest events up to its limit', () => {
  const journal = createJournal(systemClock, 100)
  for (let i = 1; i <= 1_000; i++) journal.note('info', String(i))
  const kept = journal.since(0)
  expect(kept.length).toBeLessThanOrEqual(110)
  expect(kept.at(-1)).toMatchObject({ seq: 1_000, text: '1000' })
  expect(journal.since(995).map(textOf)).toEqual(['996', '997', '998', '999', '1000'])
})

test('a second run cannot open the journal at the same time', () => {
  const journal = createJournal(systemClock)
  journal.openRun('run-1')
  expect(() => journal.openRun('run-2')).toThrow('run-1')
})
