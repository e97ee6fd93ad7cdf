import { expect, test } from 'vitest'

import type { Step } from '../matrix.ts'
import { columns } from './columns.ts'
import { prunedBy } from './prune.ts'

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
/** The relay and the job work side by side, each on connections of its own. */
const connectionOf: Readonly<Record<string, number>> = {
  'bullmq moveToActive': 4,
  'UPDATE orders': 2,
  'SELECT orders': 2,
}
const steps: Step[] = flow.map((text, i) => {
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
    told: signature === 'bullmq moveToActive' ? 'reply' : 'payload',
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

test('dying after a message is dying before the next one of the same process on the same link', () => {
  expect(standsFor('INSERT orders', 'caller-dies-after')).toBe('s4/caller-dies-before')
})

test('but not when something else leaves the process in between', () => {
  expect(standsFor('api:postgres|COMMIT', 'caller-dies-after')).toBeUndefined()
  expect(standsFor('SELECT orders', 'caller-dies-after')).toBeUndefined()
  expect(standsFor('SELECT outbox FOR UPDATE', 'caller-dies-after')).toBeUndefined()
})

test('nor when the next one is on another connection: somebody else may have sent it at the same moment', () => {
  expect(standsFor('bullmq addJob', 'caller-dies-after')).toBeUndefined()
  expect(standsFor('UPDATE orders', 'caller-dies-after')).toBeUndefined()
})

test('what changes nothing may lose its request or its reply', () => {
  expect(standsFor('SELECT orders', 'reply-cut')).toBe('s13/request-cut')
  expect(standsFor('SELECT orders', 'reply-late')).toBeUndefined()
  expect(standsFor('POST /charges', 'reply-cut')).toBeUndefined()
  expect(standsFor('bullmq moveToActive', 'reply-cut')).toBeUndefined()
})

test('inside a transaction, everything that ends the connection is as at its first statement', () => {
  expect(standsFor('UPDATE products', 'request-cut')).toBe('s3/request-cut')
  expect(standsFor('UPDATE products', 'callee-dies-after')).toBe('s3/callee-dies-after')
  expect(standsFor('INSERT orders', 'request-cut')).toBeUndefined()
})

test('before or after what changes nothing, a caller may die', () => {
  expect(standsFor('api:postgres|BEGIN', 'caller-dies-before')).toBe('s2/caller-dies-after')
  expect(standsFor('SELECT orders', 'caller-dies-before')).toBe('s13/caller-dies-after')
  expect(standsFor('INSERT orders', 'caller-dies-before')).toBeUndefined()
})

test('who dies before COMMIT has done nothing', () => {
  expect(standsFor('api:postgres|COMMIT', 'caller-dies-before')).toBe('s3/caller-dies-before')
})

test('what was changed elsewhere meanwhile does not go back with the transaction', () => {
  expect(standsFor('UPDATE outbox', 'request-cut')).toBeUndefined()
  expect(standsFor('worker:postgres|COMMIT', 'caller-dies-before')).toBe('s11/caller-dies-before')
})

test('what goes on beside a transaction is not in it', () => {
  for (const { id } of columns) expect(standsFor('UPDATE orders', id) ?? '').not.toMatch(/^s(8|11)/)
})

test('else COMMIT stands for itself, and so does what makes somebody wait', () => {
  const others = columns.filter(({ id }) => id !== 'caller-dies-before')
  for (const { id } of others) {
    expect(standsFor('api:postgres|COMMIT', id)).toBeUndefined()
    expect(standsFor('worker:postgres|COMMIT', id)).toBeUndefined()
  }
  expect(standsFor('UPDATE products', 'request-silent')).toBeUndefined()
  expect(standsFor('UPDATE products', 'reply-late')).toBeUndefined()
})

test('no cell is pruned in a circle, and every reason is told', () => {
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
        expect(pruned?.rule ?? 'E1: ').toMatch(/^E[123]: /)
        id = pruned?.sameAs
      }
    }
})
