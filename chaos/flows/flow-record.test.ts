import { expect, test } from 'vitest'

import { buildFlowRecord } from './flow-record.ts'
import {
  eventAt,
  exchanged,
  factsOf,
  faultOn,
  operationOf,
  recordedRun,
  regularOrder,
} from './testing/recorded-order.ts'

const key = 'o-f-000001'
const other = 'o-f-000002'

test('messages have the times of the run, both ends, and lanes from the client inwards', () => {
  const messages = [...regularOrder(key, 20), ...regularOrder(other, 21)]
  const flow = buildFlowRecord(recordedRun({ messages }), key)
  expect(flow).toMatchObject({ fromMs: 20, toMs: 29, isComplete: true })
  expect(flow.lanes.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'client client',
    'web-1 instance',
    'postgres store',
  ])
  expect(flow.messages.map(({ from, to, text, sentMs }) => [from, to, text, sentMs])).toEqual([
    ['client', 'web-1', 'POST /orders', 20],
    ['web-1', 'postgres', 'COMMIT', 23],
    ['postgres', 'web-1', 'COMMIT', 26],
    ['web-1', 'client', '201', 29],
  ])
})

test('a service of which no instance is known has a lane, too', () => {
  const link = { link: 'web-1:mailers', key, signature: 'POST /letters', sentMs: 30, arrivedMs: 31 }
  const messages = [...regularOrder(key, 20), ...exchanged({ ...link, replySentMs: 32 })]
  const { lanes } = buildFlowRecord(recordedRun({ messages }), key)
  expect(lanes.map(({ name }) => name)).toEqual(['client', 'web-1', 'postgres', 'mailers'])
})

test('a reply that a trap stops never arrives, and the trap is drawn at its message', () => {
  const messages = exchanged({
    link: 'web-1:postgres',
    key,
    signature: 'COMMIT',
    status: 'COMMIT',
    sentMs: 10,
    arrivedMs: 10,
    replySentMs: 14,
  })
  const trap = eventAt(16, {
    type: 'trap',
    id: 'trap-1',
    what: 'sprung',
    link: 'web-1:postgres',
    connection: 1,
    exchange: 'COMMIT',
    phase: 'after',
    transaction: key,
  })
  const flow = buildFlowRecord(recordedRun({ messages, events: [trap] }), key)
  expect(flow.messages[1]).toMatchObject({ sentMs: 14, fault: 'stopped by the trap trap-1' })
  expect(flow.messages[1]?.arrivedMs).toBeUndefined()
  expect(flow.faults).toMatchObject([{ on: 'web-1:postgres', fromMs: 14, toMs: 14 }])
  expect(flow.faults[0]?.label).toContain('trap springs at COMMIT')
})

test('a message that a fault on its link holds says so, and the fault has its times', () => {
  const messages = exchanged({
    link: 'web-1:bank',
    key,
    signature: 'POST /charges',
    sentMs: 10,
    arrivedMs: 50,
    replySentMs: 52,
    replyArrivedMs: 52,
  })
  const fault = faultOn(['web-1:bank', 'web-2:postgres'], 5)
  const events = [
    eventAt(6, { type: 'fault', what: 'injected', fault }),
    eventAt(80, { type: 'fault', what: 'healed', fault }),
  ]
  const flow = buildFlowRecord(recordedRun({ messages, events }), key)
  expect(flow.messages[0]).toMatchObject({ sentMs: 10, arrivedMs: 50 })
  expect(flow.messages[0]?.fault).toBe('held 40 ms by latency 40 ms')
  expect(flow.messages[1]?.fault).toBeUndefined()
  expect(flow.faults).toEqual([
    { label: 'latency 40 ms on web-1:bank', on: 'web-1:bank', fromMs: 5, toMs: 80 },
  ])
})

test('a fault that is on no lane of the flow adds the lanes of its first target', () => {
  const fault = faultOn(['web-2:postgres', 'web-1:bank'], 5)
  const events = [eventAt(6, { type: 'fault', what: 'injected', fault })]
  const messages = regularOrder(key, 20).filter(({ link }) => link === 'client:web-1')
  const flow = buildFlowRecord(recordedRun({ messages, events }), key)
  expect(flow.faults.map(({ on }) => on)).toEqual(['web-2:postgres'])
  expect(flow.lanes.map(({ name }) => name)).toEqual(['client', 'web-1', 'web-2', 'postgres'])
})

test('a request whose callee dies arrives, and no reply is made up', () => {
  const messages = exchanged({
    link: 'web-1:bank',
    key,
    signature: 'POST /charges',
    sentMs: 10,
    arrivedMs: 11,
    endedMs: 30,
  })
  const instance = { type: 'instance', instance: 'bank' } as const
  const events = [
    eventAt(29, { ...instance, state: 'exited', by: 'scenario', signal: 'SIGKILL' }),
    eventAt(200, { ...instance, state: 'starting', by: 'supervisor' }),
    eventAt(350, { ...instance, state: 'ready', by: 'itself' }),
  ]
  const flow = buildFlowRecord(recordedRun({ messages, events }), key)
  expect(flow.messages).toHaveLength(1)
  expect(flow.messages[0]).toMatchObject({ arrivedMs: 11 })
  expect(flow.messages[0]?.fault).toContain('no reply: the connection ended at 0.030 s')
  expect(flow.gaps).toEqual([
    { lane: 'bank', what: 'down', fromMs: 29, toMs: 200, isPlanned: false },
    { lane: 'bank', what: 'starting', fromMs: 200, toMs: 350, isPlanned: false },
  ])
})

test('a stop in order is planned, and so is the start after it', () => {
  const instance = { type: 'instance', instance: 'web-1', by: 'scenario' } as const
  const events = [
    eventAt(100, { ...instance, state: 'absent' }),
    eventAt(150, { ...instance, state: 'starting' }),
    eventAt(300, { ...instance, state: 'ready' }),
  ]
  const flow = buildFlowRecord(recordedRun({ messages: regularOrder(key, 20), events }), key)
  expect(flow.gaps.map(({ what, isPlanned }) => [what, isPlanned])).toEqual([
    ['down', true],
    ['starting', true],
  ])
})

test('attempts are those of the operations with the key; an unknown result stays unknown', () => {
  const operation = operationOf(key, {
    attempts: [
      { instance: 'web-1', startMs: 0, endMs: 100, error: 'timeout', sent: true },
      { instance: 'web-2', startMs: 120, endMs: 130, status: 201 },
    ],
  })
  const operations = [operation, operationOf(other)]
  const flow = buildFlowRecord(recordedRun({ messages: regularOrder(key, 1), operations }), key)
  expect(flow.attempts.map(({ result, outcome }) => [result, outcome])).toEqual([
    ['timeout', 'unknown'],
    ['201 placed', 'ok'],
  ])
  expect(flow.holdings.map(({ source, atMs, text }) => [source, atMs, text])).toEqual([
    ['client', 100, 'timeout: the client does not know'],
    ['client', 130, '201 placed'],
  ])
})

test('what a source holds is wrong only if a violated check names the flow', () => {
  const wrong = { source: 'postgres', atMs: 900, text: 'at the end: no order', isWrong: true }
  const facts = [factsOf(key, { holdings: [wrong] })]
  const messages = regularOrder(key, 0)
  const holdings = (offenders: string[]) =>
    buildFlowRecord(recordedRun({ messages, facts, offenders }), key).holdings
  expect(holdings([])).toEqual([{ ...wrong, isWrong: undefined }])
  expect(holdings([`${key}.x1`])).toEqual([wrong])
})

test('a flow is complete if it ended before the recording was full', () => {
  const messages = [...regularOrder(key, 0), ...regularOrder(other, 500)]
  const run = recordedRun({ messages, fullMs: 400 })
  expect(buildFlowRecord(run, key).isComplete).toBe(true)
  const late = buildFlowRecord(run, other)
  expect(late.isComplete).toBe(false)
  expect(late.incompleteBecause).toMatch(/full at 0\.400 s: 7 /)
})

test('a flow is not complete if a connection of it could not be read', () => {
  const events = [eventAt(3, { type: 'link', link: 'web-1:postgres', what: 'opaque' })]
  const flow = buildFlowRecord(recordedRun({ messages: regularOrder(key, 0), events }), key)
  expect(flow.incompleteBecause).toContain('web-1:postgres')
})
