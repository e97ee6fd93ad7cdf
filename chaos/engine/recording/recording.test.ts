import { expect, test } from 'vitest'

import { withRunTime } from './recording.ts'

test('a JSON line keeps its fields and has the time of the run', () => {
  const line = withRunTime('{"level":"warn","msg":"late"}', 2_504.4)
  expect(JSON.parse(line)).toEqual({ runMs: 2_504.4, level: 'warn', msg: 'late' })
})

test('another line begins with the time of the run', () => {
  expect(withRunTime('LOG:  ready', -1_250)).toBe('−1.250 s  LOG:  ready')
  expect(withRunTime('{ not JSON', 10)).toBe('0.010 s  { not JSON')
})

test('without a time, a line stays as it is', () => {
  expect(withRunTime('{"a":1}', undefined)).toBe('{"a":1}')
})
