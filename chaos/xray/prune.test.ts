import { expect, test } from 'vitest'

import { columns } from './columns.ts'
import type { Step } from './matrix.ts'
import { prunedBy } from './prune.ts'

const flow = [
  'client:api|POST /orders',
  'api:postgres|BEGIN',
  'api:postgres|INSERT orders',
  'api:postgres|UPDATE products',
  'api:postgres|COMMIT',
  'worker:redis|bullmq moveToActive',
  'worker:postgres|SELECT orders',
  'worker:payments|POST /charges',
]
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
    told: signature === 'bullmq moveToActive' ? 'reply' : 'payload',
    write: !/^(BEGIN|SELECT)/.test(signature),
    order: i + 1,
    atMs: i,
  }
})

function standsFor(signature: string, columnId: string): string | undefined {
  const step = steps.find((one) => one.signature === signature)
  const column = columns.find(({ id }) => id === columnId)
  if (step === undefined || column === undefined) throw new Error(`no ${signature} ${columnId}`)
  return prunedBy(step, column, steps)?.sameAs
}

test('dying after a message is dying before the next one of the same process on the same link', () => {
  expect(standsFor('INSERT orders', 'caller-dies-after')).toBe('s4/caller-dies-before')
})

test('but not when something else leaves the process in between', () => {
  expect(standsFor('COMMIT', 'caller-dies-after')).toBeUndefined()
  expect(standsFor('SELECT orders', 'caller-dies-after')).toBeUndefined()
})

test('what changes nothing may lose its request or its reply', () => {
  expect(standsFor('SELECT orders', 'reply-cut')).toBe('s7/request-cut')
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
  expect(standsFor('BEGIN', 'caller-dies-before')).toBe('s2/caller-dies-after')
  expect(standsFor('SELECT orders', 'caller-dies-before')).toBe('s7/caller-dies-after')
  expect(standsFor('INSERT orders', 'caller-dies-before')).toBeUndefined()
})

test('who dies before COMMIT has done nothing', () => {
  expect(standsFor('COMMIT', 'caller-dies-before')).toBe('s3/caller-dies-before')
})

test('else COMMIT stands for itself, and so does what makes somebody wait', () => {
  const others = columns.filter(({ id }) => id !== 'caller-dies-before')
  for (const { id } of others) expect(standsFor('COMMIT', id)).toBeUndefined()
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
