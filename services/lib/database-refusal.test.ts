import { DatabaseError } from 'pg'
import { expect, test } from 'vitest'

import { databaseRefusal, isLostConnection, isTransientDatabaseError } from './database-refusal.ts'
import { connectionOptions } from './redis.ts'

const sqlError = (code: string, severity = 'ERROR') =>
  Object.assign(new DatabaseError('refused', 7, 'error'), { code, severity })

test('a server without free connections is a 503 that tells when to come back', () => {
  const refusal = databaseRefusal(sqlError('53300', 'FATAL'))
  expect(refusal).toMatchObject({ status: 503, retryAfterSeconds: 1 })
})

test.for([
  ['a session that an administrator ended', sqlError('57P01', 'FATAL'), true],
  ['a server without free connections', sqlError('53300', 'FATAL'), true],
  ['a broken socket', Object.assign(new Error('read ECONNRESET'), { syscall: 'read' }), true],
  ['a lock timeout', sqlError('55P03'), false],
  ['a cancelled statement', sqlError('57014'), false],
  ['a wrong statement', sqlError('42703'), false],
] as const)('%s: the connection is lost or not', ([, error, lost]) => {
  expect(isLostConnection(error)).toBe(lost)
})

test('a lost connection is an error that may go away', () => {
  expect(isTransientDatabaseError(sqlError('57P01', 'FATAL'))).toBe(true)
})

test.for([
  "READONLY You can't write against a read only replica.",
  // A script, in Redis 6 and before.
  "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write against a read only replica.",
])('the connection to a Redis that has become a replica is closed: %s', (message) => {
  const { reconnectOnError } = connectionOptions({ instance: 'api-1' })
  expect(reconnectOnError(new Error(message))).toBe(true)
})

test('no other error closes a connection to Redis', () => {
  const { reconnectOnError } = connectionOptions({ instance: 'api-1' })
  expect(reconnectOnError(new Error('WRONGTYPE Operation against a key'))).toBe(false)
})
