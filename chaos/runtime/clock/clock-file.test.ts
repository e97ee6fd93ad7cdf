import { expect, test } from 'vitest'

import { clockChangeOf, formatSkews, parseSkews, skewedMs } from './clock-file.ts'
import type { Skew } from './clock-file.ts'

const skew: Skew = { id: 'a', offsetMs: 5_000, drift: 0, sinceMs: 1_000, untilMs: 61_000 }

test('skews add up, and each ends with its lease', () => {
  const other: Skew = { ...skew, id: 'b', offsetMs: -1_000, untilMs: 31_000 }
  expect(skewedMs(30_999, [skew, other])).toBe(34_999)
  expect(skewedMs(31_000, [skew, other])).toBe(36_000)
  expect(skewedMs(61_000, [skew, other])).toBe(61_000)
})

test('a drift grows with the time since the skew began', () => {
  const drifting: Skew = { ...skew, offsetMs: 0, drift: 0.01 }
  expect(skewedMs(1_000, [drifting])).toBe(1_000)
  expect(skewedMs(51_000, [drifting])).toBe(51_500)
})

test('a file keeps its skews, and one that is half written is not read', () => {
  expect(parseSkews(formatSkews([skew]))).toEqual([skew])
  expect(parseSkews(formatSkews([]))).toEqual([])
  expect(parseSkews(formatSkews([skew]).slice(0, -3))).toBeUndefined()
})

test('only a line of the program is a change of the clock', () => {
  const change = { msg: 'clock changed', skews: ['a'], now: '2026-01-01T00:00:00.000Z' }
  expect(clockChangeOf(JSON.stringify({ level: 40, ...change }))).toMatchObject(change)
  expect(clockChangeOf('{"msg":"the clock changed"}')).toBeUndefined()
  expect(clockChangeOf('clock changed')).toBeUndefined()
})
