import { expect, test } from 'vitest'

import { timesOf } from './container-times.ts'

test('the engine counts nanoseconds', () => {
  const stats = {
    cpu_stats: {
      cpu_usage: { total_usage: 1_234_000_000 },
      throttling_data: { throttled_time: 5e6 },
    },
  }
  expect(timesOf('api-1', stats)).toEqual({ name: 'api-1', usedMs: 1_234, throttledMs: 5 })
})

test('a container that does not run has used nothing', () => {
  expect(timesOf('api-1', {})).toEqual({ name: 'api-1', usedMs: 0, throttledMs: 0 })
})
