import { expect, test } from 'vitest'

import type { HistoryLine } from '../matrix.ts'
import { comparisonOfCell } from './flow-of-history.ts'

const line = (
  atMs: number,
  kind: HistoryLine['kind'],
  from: string,
  to: string,
  text: string,
  exchange?: string,
): HistoryLine => ({
  atMs,
  kind,
  from,
  to,
  text,
  ...(exchange === undefined ? {} : { exchange, key: exchange }),
})

const withoutFault = [
  line(0, 'request', 'client', 'api-1', 'POST /orders', 'post'),
  line(2, 'request', 'api-1', 'postgres', 'COMMIT', 'commit'),
  line(3, 'reply', 'postgres', 'api-1', 'OK', 'commit'),
  line(4, 'reply', 'api-1', 'client', '201', 'post'),
  line(6, 'request', 'worker-1', 'redis', 'bullmq addJob', 'add'),
  line(4, 'client', 'api-1', 'client', '201 (ok)'),
]
const history = [
  line(0, 'request', 'client', 'api-1', 'POST /orders', 'post'),
  line(2, 'request', 'api-1', 'postgres', 'COMMIT', 'commit'),
  line(3, 'fault', 'postgres', 'api-1', 'COMMIT: the reply is lost'),
  line(4, 'exit', 'api-1', 'api-1', 'exits'),
  line(5, 'client', 'api-1', 'client', 'ECONNRESET (unknown)'),
  line(300, 'start', 'api-1', 'api-1', 'is ready again'),
  line(400, 'request', 'client', 'api-2', 'POST /orders', 'again'),
  line(401, 'reply', 'api-2', 'client', '201', 'again'),
  line(402, 'client', 'api-2', 'client', '201 (ok)'),
]
const cell = { id: 's02/reply-cut', history, withoutFault, isStopped: true }

test('the fault of a cell is a trap on the link, and its message never arrives', () => {
  const { flow } = comparisonOfCell(cell)
  expect(flow.faults).toEqual([
    { label: 'COMMIT: the reply is lost', on: 'api-1:postgres', fromMs: 3, toMs: 3 },
  ])
  const lost = flow.messages.filter(({ arrivedMs }) => arrivedMs === undefined)
  expect(lost).toMatchObject([
    { part: 'reply', exchange: 'commit', from: 'postgres', to: 'api-1', sentMs: 3 },
  ])
})

test('a late message arrives', () => {
  const { flow } = comparisonOfCell({ ...cell, isStopped: false })
  expect(flow.messages.filter(({ arrivedMs }) => arrivedMs === undefined)).toEqual([])
  expect(flow.faults).toHaveLength(1)
})

test('a stopped request has no reply', () => {
  const stopped = [line(1, 'fault', 'api-1', 'postgres', 'COMMIT: the request is lost')]
  const { flow } = comparisonOfCell({ ...cell, history: stopped })
  expect(flow.messages).toMatchObject([
    { part: 'request', text: 'COMMIT', link: 'api-1:postgres', from: 'api-1', to: 'postgres' },
  ])
})

test('an instance that exits is down until it is ready again', () => {
  expect(comparisonOfCell(cell).flow.gaps).toEqual([
    { lane: 'api-1', what: 'down', fromMs: 4, toMs: 300, isPlanned: false },
  ])
})

test('attempts last from the request to what the client received', () => {
  expect(comparisonOfCell(cell).flow.attempts).toMatchObject([
    { instance: 'api-1', startMs: 0, endMs: 5, result: 'ECONNRESET', outcome: 'unknown' },
    { instance: 'api-2', startMs: 400, endMs: 402, result: '201', outcome: 'ok' },
  ])
})

test('messages that only one of the two runs has are marked', () => {
  const { flow, missing } = comparisonOfCell(cell)
  const added = flow.messages.filter(({ differs }) => differs === 'new')
  expect(added.map(({ exchange }) => exchange)).toEqual(['again', 'again'])
  expect(missing.map(({ exchange }) => exchange)).toEqual(['add'])
})
