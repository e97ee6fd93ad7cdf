import { expect, test } from 'vitest'

import { dockerPlace, labTable, localPlace, versionTable, withTable } from './audit-table.ts'

const rows = [
  {
    task: { name: 'labs/dual-write/start', expected: 'violated (no-lost-orders)' },
    rounds: [
      { ok: true, seconds: 9 },
      { ok: false, seconds: 11 },
    ],
  },
  { task: { name: 'labs/dual-write/near-misses/enqueue-first', expected: 'held' }, rounds: [] },
  { task: { name: 'labs/oversell/shop', expected: 'held' }, rounds: [{ ok: true, seconds: 7.25 }] },
]

test('one line per version: k of N and the median', () => {
  expect(versionTable(rows).split('\n').slice(2)).toEqual([
    '| dual-write | start | violated (no-lost-orders) | 1 of 2 | 10.0 |',
    '| dual-write | near-misses/enqueue-first | held | 0 of 0 |  |',
    '| oversell | shop | held | 1 of 1 | 7.3 |',
  ])
})

test('one line per lab: the rounds of all of its versions', () => {
  expect(labTable(rows).split('\n').slice(2)).toEqual([
    '| dual-write | 2 | 1 of 2 | 10.0 |',
    '| oversell | 1 | 1 of 1 | 7.3 |',
  ])
})

test('a table replaces only what stands in its place', () => {
  const text = `a\n${localPlace.begin}\nold\n${localPlace.end}\nb\n${dockerPlace.begin}\n${dockerPlace.end}\n`
  expect(withTable(text, dockerPlace, 'new')).toBe(
    `a\n${localPlace.begin}\nold\n${localPlace.end}\nb\n${dockerPlace.begin}\nnew\n${dockerPlace.end}\n`,
  )
})

test('a text without the place is refused', () => {
  expect(() => withTable('nothing', localPlace, 'new')).toThrow(RangeError)
})
