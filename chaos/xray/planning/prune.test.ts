import { expect, test } from 'vitest'

import type { CellResult } from '../judging/cell-results.ts'
import type { FlowStep } from '../matrix.ts'
import { columns } from './columns.ts'
import { prunedBy, prunedByResult } from './prune.ts'

const flow = [
  'client:api|POST /orders',
  'api:postgres|BEGIN',
  'api:postgres|INSERT orders',
  'api:postgres|UPDATE products',
  'api:postgres|COMMIT',
  'worker:postgres|BEGIN',
  'worker:postgres|SELECT outbox FOR UPDATE',
  'worker:redis|bullmq addJob',
  'worker:redis|bullmq moveToActive',
  'worker:postgres|UPDATE orders',
  'worker:postgres|UPDATE outbox',
  'worker:postgres|COMMIT',
  'worker:postgres|SELECT orders',
  'worker:payments|POST /charges',
]
/** The relay and the job run concurrently, each on its own connections. */
const connectionOf: Readonly<Record<string, number>> = {
  'bullmq moveToActive': 4,
  'UPDATE orders': 2,
  'SELECT orders': 2,
}
const steps: FlowStep[] = flow.map((text, i) => {
  const [link = '', signature = ''] = text.split('|')
  const [caller = '', callee = ''] = link.split(':')
  return {
    id: `s${i + 1}`,
    key: `${text}|1`,
    link,
    protocol: callee === 'postgres' || callee === 'redis' ? callee : 'http',
    signature,
    nth: 1,
    caller,
    callee,
    connection: `${caller}-1:${callee}#${connectionOf[signature] ?? 1}`,
    matchedBy: signature === 'bullmq moveToActive' ? 'reply' : 'payload',
    write: !/^(BEGIN|SELECT)/.test(signature),
    order: i + 1,
    atMs: i,
  }
})

function standsFor(name: string, columnId: string): string | undefined {
  const step = steps.find(({ key }) => key.endsWith(`${name}|1`))
  const column = columns.find(({ id }) => id === columnId)
  if (step === undefined || column === undefined) throw new Error(`no ${name} ${columnId}`)
  return prunedBy(step, column, steps)?.sameAs
}

test('death after an exchange equals death before the next exchange on the same connection', () => {
  expect(standsFor('INSERT orders', 'caller-dies-after')).toBe('s4/caller-dies-before')
})

test('death after an exchange runs when the caller sends another message in between', () => {
  expect(standsFor('api:postgres|COMMIT', 'caller-dies-after')).toBeUndefined()
  expect(standsFor('SELECT outbox FOR UPDATE', 'caller-dies-after')).toBeUndefined()
})

test('death after an exchange runs when the next one uses another connection, which may be concurrent', () => {
  expect(standsFor('bullmq addJob', 'caller-dies-after')).toBeUndefined()
  expect(standsFor('UPDATE orders', 'caller-dies-after')).toBeUndefined()
})

test('death after an exchange equals death before the next one on another connection when the process has no open transaction', () => {
  expect(standsFor('SELECT orders', 'caller-dies-after')).toBe('s14/caller-dies-before')
})

test('a service that dies before it receives the request equals its death before its first exchange', () => {
  expect(standsFor('POST /orders', 'callee-dies-before')).toBe('s2/caller-dies-before')
})

test('a late reply equals none where the caller closes the connection, and runs elsewhere', () => {
  expect(standsFor('POST /orders', 'reply-late')).toBe('s1/reply-silent')
  expect(standsFor('api:postgres|COMMIT', 'reply-late')).toBe('s5/reply-silent')
  expect(standsFor('POST /charges', 'reply-late')).toBeUndefined()
  expect(standsFor('bullmq addJob', 'reply-late')).toBeUndefined()
})

test('for an exchange that changes nothing, a lost reply equals a lost request', () => {
  expect(standsFor('SELECT orders', 'reply-cut')).toBe('s13/request-cut')
  expect(standsFor('SELECT orders', 'reply-late')).toBe('s13/reply-silent')
  expect(standsFor('POST /charges', 'reply-cut')).toBeUndefined()
  expect(standsFor('bullmq moveToActive', 'reply-cut')).toBeUndefined()
})

test('inside a transaction, a fault that ends the connection equals the fault at the first statement', () => {
  expect(standsFor('UPDATE products', 'request-cut')).toBe('s3/request-cut')
  expect(standsFor('worker:postgres|BEGIN', 'request-cut')).toBe('s7/request-cut')
  expect(standsFor('INSERT orders', 'request-cut')).toBeUndefined()
})

test('inside a transaction, a silent connection equals one at the last statement, which holds all locks', () => {
  expect(standsFor('INSERT orders', 'request-silent')).toBe('s4/reply-silent')
  expect(standsFor('UPDATE products', 'request-silent')).toBe('s4/reply-silent')
  expect(standsFor('UPDATE products', 'reply-silent')).toBeUndefined()
  expect(standsFor('SELECT outbox FOR UPDATE', 'request-silent')).toBe('s7/reply-silent')
})

test('inside a transaction, the death of the database equals its death before COMMIT', () => {
  expect(standsFor('INSERT orders', 'callee-dies-after')).toBe('s5/callee-dies-before')
  expect(standsFor('UPDATE products', 'callee-dies-before')).toBe('s5/callee-dies-before')
  expect(standsFor('SELECT outbox FOR UPDATE', 'callee-dies-before')).toBeUndefined()
})

test('death of the caller before an exchange that changes nothing equals death after it', () => {
  expect(standsFor('api:postgres|BEGIN', 'caller-dies-before')).toBe('s3/caller-dies-before')
  expect(standsFor('SELECT orders', 'caller-dies-before')).toBe('s13/caller-dies-after')
  expect(standsFor('INSERT orders', 'caller-dies-before')).toBeUndefined()
})

test('death of the caller before COMMIT equals death at the first statement', () => {
  expect(standsFor('api:postgres|COMMIT', 'caller-dies-before')).toBe('s3/caller-dies-before')
})

test('after a write on another connection, the next statement represents the transaction', () => {
  expect(standsFor('UPDATE outbox', 'request-cut')).toBeUndefined()
  expect(standsFor('worker:postgres|COMMIT', 'caller-dies-before')).toBe('s11/caller-dies-before')
})

test('a concurrent exchange on another connection is not in the transaction', () => {
  for (const { id } of columns) expect(standsFor('UPDATE orders', id) ?? '').not.toMatch(/^s(8|11)/)
})

test('every other fault on COMMIT runs', () => {
  const others = columns.filter(({ id }) => id !== 'caller-dies-before' && id !== 'reply-late')
  for (const { id } of others) {
    expect(standsFor('api:postgres|COMMIT', id)).toBeUndefined()
    expect(standsFor('worker:postgres|COMMIT', id)).toBeUndefined()
  }
})

test('an order that stays unfinished when a message is cut is not waited for again, except when the caller dies', () => {
  const step = steps.at(-1)!
  const skipped = (result: CellResult): string[] =>
    columns
      .filter((column) =>
        prunedByResult(step, column, (id) => (id === 's14/reply-cut' ? result : 'ok')),
      )
      .map(({ id }) => id)
  expect(skipped('stuck')).toEqual(['reply-silent', 'reply-late', 'callee-dies-after'])
  expect(skipped('lost')).toEqual(['reply-silent', 'reply-late', 'callee-dies-after'])
  expect(skipped('double-effect')).toEqual([])
  expect(skipped('pruned')).toEqual([])
})

test('pruning has no cycles, and every pruned cell names its rule', () => {
  for (const step of steps)
    for (const column of columns) {
      const seen = new Set<string>()
      let id: string | undefined = `${step.id}/${column.id}`
      while (id !== undefined) {
        expect(seen.has(id)).toBe(false)
        seen.add(id)
        const [stepId, columnId] = id.split('/')
        const pruned = prunedBy(
          steps.find((one) => one.id === stepId)!,
          columns.find((one) => one.id === columnId)!,
          steps,
        )
        expect(pruned?.rule ?? 'E1: ').toMatch(/^E[1234]: /)
        id = pruned?.sameAs
      }
    }
})
