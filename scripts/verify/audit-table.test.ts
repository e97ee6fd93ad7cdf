import { expect, test } from 'vitest'

import { dockerMarks, labTable, localMarks, versionTable, withAuditTable } from './audit-table.ts'

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

test('the table of versions has k of N and the median of each', () => {
  expect(versionTable(rows).split('\n')).toEqual([
    '| lab | version | expected | as expected | median s |',
    '|---|---|---|---|---|',
    '| dual-write | start | violated (no-lost-orders) | 1 of 2 | 10.0 |',
    '| dual-write | near-misses/enqueue-first | held | 0 of 0 |  |',
    '| oversell | shop | held | 1 of 1 | 7.3 |',
  ])
})

test('the table of labs counts the rounds of all versions of a lab', () => {
  expect(labTable(rows).split('\n')).toEqual([
    '| lab | versions | as expected | median s |',
    '|---|---|---|---|',
    '| dual-write | 2 | 1 of 2 | 10.0 |',
    '| oversell | 1 | 1 of 1 | 7.3 |',
  ])
})

test('a table replaces only the text between its marks', () => {
  const text = `a\n${localMarks.begin}\nold\n${localMarks.end}\nb\n${dockerMarks.begin}\n${dockerMarks.end}\n`
  expect(withAuditTable(text, dockerMarks, 'new')).toBe(
    `a\n${localMarks.begin}\nold\n${localMarks.end}\nb\n${dockerMarks.begin}\nnew\n${dockerMarks.end}\n`,
  )
})

test('a text without the marks is an error', () => {
  expect(() => withAuditTable('nothing', localMarks, 'new')).toThrow(RangeError)
})
