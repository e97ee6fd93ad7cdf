import { expect, test } from 'vitest'

import { timeOfLine } from './time-of-line.ts'

test('reads the time of a pino line, in milliseconds or as text', () => {
  expect(timeOfLine('{"level":30,"time":1767225600123,"msg":"up"}')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
  expect(timeOfLine('{"level":30,"time":"2026-01-01T00:00:00.123Z","msg":"up"}')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
})

test('reads the time that Postgres and Redis put in front', () => {
  expect(timeOfLine('2026-01-01 00:00:00.123 UTC [17] LOG:  ready')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
  expect(timeOfLine('17:M 01 Jan 2026 00:00:00.123 * Ready to accept connections')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
})

test('a line that names no time has none', () => {
  expect(timeOfLine('    at main (file:///services/api/main.ts:3:1)')).toBeUndefined()
  expect(timeOfLine('{"time":"yesterday"}')).toBeUndefined()
})
