import { expect, test } from 'vitest'

import type { Attempt } from '#chaos/contracts/history.ts'

import { classifyOperation } from './classify.ts'

const attempt = (over: Partial<Attempt>): Attempt => ({
  instance: 'api-1',
  startMs: 0,
  endMs: 1,
  ...over,
})
const created = attempt({ status: 201 })
const timeout = attempt({ error: 'timeout', sent: true })
const refusedConnection = attempt({ error: 'ECONNREFUSED', sent: false })
const soldOut = attempt({ status: 409, code: 'sold-out', definite: true })

test('a success of a retry makes the operation ok', () => {
  expect(classifyOperation(true, [timeout, created])).toBe('ok')
})

test('a timeout and an error that is not definite leave an order unknown', () => {
  expect(classifyOperation(true, [timeout])).toBe('unknown')
  expect(classifyOperation(true, [attempt({ status: 500 })])).toBe('unknown')
  expect(classifyOperation(true, [attempt({ status: 409, definite: false })])).toBe('unknown')
})

test('a definite refusal is a failure', () => {
  expect(classifyOperation(true, [soldOut])).toBe('fail')
  expect(classifyOperation(true, [attempt({ status: 503, definite: true })])).toBe('fail')
  expect(classifyOperation(true, [attempt({ status: 400 })])).toBe('fail')
})

test('a refused connection is a failure, because nothing was sent', () => {
  expect(classifyOperation(true, [refusedConnection])).toBe('fail')
  expect(classifyOperation(true, [refusedConnection, soldOut])).toBe('fail')
})

test('a refusal does not change an earlier unknown attempt', () => {
  expect(classifyOperation(true, [timeout, soldOut])).toBe('unknown')
})

test('an operation without an effect is never unknown', () => {
  expect(classifyOperation(false, [timeout])).toBe('fail')
})
