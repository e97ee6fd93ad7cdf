import { expect, test } from 'vitest'

import { diffSnapshots } from './diff-snapshots.ts'
import { flattened, type Row, type Snapshot, type Table } from './snapshot.ts'

function snapshot(tables: Readonly<Record<string, Table>>, unread = {}): Snapshot {
  return { tables, unread, pending: 0, values: [] }
}

test('rows appear, change by their key, and disappear', () => {
  const before = snapshot({
    t: {
      key: ['id'],
      rows: [
        { id: 1, n: 5 },
        { id: 2, n: 7 },
        { id: 3, n: null },
      ],
    },
  })
  const after = snapshot({
    t: {
      key: ['id'],
      rows: [
        { id: 1, n: 5 },
        { id: 2, n: 4.5 },
        { id: 4, n: 1 },
      ],
    },
  })
  expect(diffSnapshots(before, after)).toEqual([
    { table: 't', op: 'changes', row: { id: 2, n: 4.5, Δn: -2.5 } },
    { table: 't', op: 'appears', row: { id: 4, n: 1 } },
    { table: 't', op: 'disappears', row: { id: 3, n: null } },
  ])
})

test('without a primary key, equal rows are interchangeable; a table that was not read is left out', () => {
  const before = snapshot({
    log: { key: [], rows: [{ a: 1 }, { a: 1 }] },
    big: { key: [], rows: [] },
  })
  const after = snapshot(
    { log: { key: [], rows: [{ a: 1 }, { a: 1 }, { a: 1 }] } },
    { big: 'long' },
  )
  expect(diffSnapshots(before, after)).toEqual([{ table: 'log', op: 'appears', row: { a: 1 } }])
})

test('a JSON value becomes columns', () => {
  expect(flattened({ a: { b: [1, { c: null }] }, d: [], e: {} })).toEqual({
    'a.b[0]': 1,
    'a.b[1].c': null,
    d: '[]',
    e: '{}',
  })
})

test('a late change of another run is left out: its row carries the id in a column that did not change', () => {
  const orders = (status: string): Snapshot => ({
    tables: {
      orders: {
        key: ['id'],
        rows: [
          { id: 1, ref: 'o-x-000001', status },
          { id: 2, ref: 'o-x-000002', status },
        ],
      },
    },
    pending: 0,
    unread: {},
    values: [],
  })
  const isOther = (row: Row): boolean => row['ref'] === 'o-x-000001'
  expect(diffSnapshots(orders('new'), orders('packed'), isOther)).toEqual([
    { table: 'orders', op: 'changes', row: { id: 2, status: 'packed' } },
  ])
})
