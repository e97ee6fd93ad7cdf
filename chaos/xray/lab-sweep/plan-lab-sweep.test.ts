import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { flowNamed } from '../flow-named.ts'
import type { FlowStep } from '../matrix.ts'
import { faultName } from './case-words.ts'
import { planLabSweep } from './plan-lab-sweep.ts'

const flow = [
  'client:api|POST /orders|1',
  'api:postgres|BEGIN|1',
  'api:postgres|INSERT orders|1',
  'api:postgres|UPDATE products|1',
  'api:postgres|COMMIT|1',
  'api:postgres|INSERT outbox|1',
  'worker:payments|POST /charges|1',
  'worker:postgres|INSERT ledger_transactions|1',
  'worker:redis|bullmq moveToFinished|1',
  'client:api|POST /orders|2',
  'api:postgres|SELECT idempotency_keys|1',
]
const steps: FlowStep[] = flow.map((text, i) => {
  const [link = '', signature = '', nth] = text.split('|')
  const [caller = '', callee = ''] = link.split(':')
  return {
    id: `s${i + 1}`,
    key: text,
    link,
    protocol: callee === 'postgres' || callee === 'redis' ? callee : 'http',
    signature,
    nth: Number(nth),
    caller,
    callee,
    connection: `${caller}-1:${callee}#1`,
    matchedBy: 'payload',
    write: !/^(BEGIN|SELECT)/.test(signature),
    order: i + 1,
    atMs: i,
  }
})

const plan = (...exchanges: Parameters<typeof planLabSweep>[1]['exchanges']) =>
  planLabSweep(steps, { flow: flowNamed(system, 'retry-order'), exchanges })
const messagesOf = (...exchanges: Parameters<typeof planLabSweep>[1]['exchanges']) =>
  plan(...exchanges).messages.map(({ signature }) => signature)

test('the messages are the exchanges of the named links', () => {
  expect(messagesOf({ link: 'worker:payments' }, { link: 'worker:postgres' })).toEqual([
    'POST /charges',
    'INSERT ledger_transactions',
  ])
})

test('exchanges before a signature, with a signature, or of a second attempt can be left out', () => {
  expect(messagesOf({ link: 'worker:postgres', after: 'POST /charges' })).toEqual([
    'INSERT ledger_transactions',
  ])
  expect(messagesOf({ link: 'worker:postgres', after: 'bullmq *' })).toEqual([])
  expect(messagesOf({ link: 'api:postgres', before: 'UPDATE *' })).toEqual([
    'BEGIN',
    'INSERT orders',
  ])
  expect(messagesOf({ link: 'worker:redis', except: ['bullmq *'] })).toEqual([])
  expect(messagesOf({ link: 'api:postgres', firstAttempt: true })).toEqual([
    'BEGIN',
    'INSERT orders',
    'UPDATE products',
    'COMMIT',
    'INSERT outbox',
  ])
})

test('a message that takes effect at once comes first, a read later, a second attempt last', () => {
  const names = plan({ link: 'api:postgres' }).cases.map(faultName)
  // Death after COMMIT has the same effect as death before the message after it.
  expect(names[0]).toBe('INSERT outbox (killed before)')
  const at = (name: string): number => names.indexOf(name)
  expect(at('COMMIT (reply lost)')).toBeGreaterThan(0)
  expect(at('COMMIT (reply lost)')).toBeLessThan(at('INSERT orders (reply late)'))
  expect(at('INSERT orders (reply late)')).toBeLessThan(at('BEGIN (reply lost)'))
  expect(at('BEGIN (reply lost)')).toBeLessThan(at('SELECT idempotency_keys (reply late)'))
})

test('every case is decided by exactly one that runs, and no death is that of the client', () => {
  const { messages, cases } = plan({ link: 'api:postgres' })
  expect(cases.reduce((sum, { decides }) => sum + decides, 0)).toBe(messages.length * 4)
  const client = plan({ link: 'client:api' })
  expect(new Set(client.cases.map(({ column }) => column.act))).toEqual(new Set(['cut', 'late']))
})

test('a case is represented by one of its own messages when the shop sends the other', () => {
  const { cases } = plan({ link: 'api:postgres', except: ['INSERT orders'], firstAttempt: true })
  const names = cases.map(faultName)
  expect(names).toContain('UPDATE products (reply lost)')
  expect(names.join()).not.toContain('INSERT orders')
})

test('a read is not repeated by a process that dies: only its messages are lost', () => {
  const { cases, faults } = planLabSweep(steps, {
    flow: flowNamed(system, 'browse'),
    exchanges: [{ link: 'worker:payments' }],
  })
  expect(faults).toBe(3)
  expect(cases.map(({ column }) => column.id)).toEqual([
    'reply-cut',
    'request-silent',
    'reply-late',
  ])
})
