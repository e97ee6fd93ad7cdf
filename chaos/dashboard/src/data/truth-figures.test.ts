import { expect, test } from 'vitest'

import { shop } from '../../../shop/shop.ts'
import { judgeFigures, valueOf } from './truth-figures.ts'

const settled = {
  acknowledged: 4,
  orders: 4,
  paid: 4,
  charged: 4,
  ledgerCharges: 4,
  unfinished: 0,
  queueWaiting: 0,
  queueActive: 0,
  queueDelayed: 0,
  outboxWaiting: 0,
}
const figures = shop.page?.figures ?? []
const at = (counters: object, stuck = false) => {
  const state = judgeFigures(figures, counters, { snapshot: counters, stuck })
  return { ...state, loud: [...state.loud].map(({ text }) => text) }
}

test('settled counters that agree raise no alarm', () => {
  expect(at(settled)).toEqual({ settled: true, withoutWork: false, loud: [], alarm: null })
})

test('a figure is the sum of its counters', () => {
  const jobs = figures.find(({ text }) => text === 'jobs in the queue')
  const counters = { ...settled, queueWaiting: 2, queueActive: 1, queueDelayed: 3 }
  expect(valueOf(jobs ?? { text: '', counters: [] }, counters)).toBe(6)
})

test('fewer stored than accepted things are lost', () => {
  const { alarm, loud } = at({ ...settled, acknowledged: 7, unfinished: 1, queueActive: 1 })
  expect(alarm).toBe('3 accepted orders missing in Postgres')
  expect(loud.toSorted()).toEqual(['orders accepted', 'orders in Postgres'])
})

test('without a snapshot nothing is lost', () => {
  const lost = { ...settled, acknowledged: 7 }
  expect(judgeFigures(figures, lost, { snapshot: null, stuck: false }).alarm).toBeNull()
})

test('sources that disagree raise an alarm only when settled', () => {
  expect(at({ ...settled, charged: 5 })).toMatchObject({
    alarm: 'Settled, but the sources of truth disagree',
    loud: ['orders paid', 'charges at payments', 'charges in the ledger'],
  })
  expect(at({ ...settled, charged: 5, outboxWaiting: 1 }).alarm).toBeNull()
})

test('unfinished things without work are stuck after a while, and not while there is work', () => {
  const stranded = { ...settled, unfinished: 2 }
  expect(at(stranded)).toMatchObject({ withoutWork: true, alarm: null })
  expect(at(stranded, true)).toMatchObject({
    alarm: '2 unfinished orders without a job or an outbox row',
    loud: ['orders in transit'],
  })
  expect(at({ ...stranded, queueDelayed: 1 }, true).alarm).toBeNull()
})
