import { expect, test } from 'vitest'

import { createDatabaseClock } from './database-clock.ts'
import type { Database } from './database.ts'

test('it reads the time of the database once, and counts on with the monotonic clock', async () => {
  let monotonicMs = 100
  let reads = 0
  const query = async () => {
    reads += 1
    return { rows: [{ ms: 1_000_000 }], rowCount: 1 }
  }
  const database = { query } as unknown as Pick<Database, 'query'>
  const clock = createDatabaseClock(database, () => monotonicMs)
  expect(() => clock.nowMs()).toThrow('not known')
  await clock.synchronize()
  monotonicMs = 350
  await clock.synchronize()
  expect(clock.nowMs()).toBe(1_000_250)
  expect(reads).toBe(1)
})
