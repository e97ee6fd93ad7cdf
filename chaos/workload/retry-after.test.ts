import { expect, test } from 'vitest'

import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-01-05T10:00:00.000Z')

test.for<[status: number, header: string | undefined, ms: number | undefined]>([
  [503, '2', 2_000],
  [429, '0', 0],
  [503, 'Mon, 05 Jan 2026 10:00:07 GMT', 7_000],
  [503, 'Mon, 05 Jan 2026 09:00:00 GMT', 0],
  [503, 'soon', undefined],
  [503, '1.5', undefined],
  [503, '-1', undefined],
  [503, undefined, undefined],
  [409, '1', undefined],
  [200, '1', undefined],
])('%i with Retry-After %s', ([status, header, ms]) => {
  expect(retryAfterMs(status, header, now)).toBe(ms)
})
