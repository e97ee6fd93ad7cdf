import { expect, test } from 'vitest'

import { readPartially } from './read-partially.ts'

test('sources that fail or do not respond in time are unread; the others are read', async () => {
  const late = new AbortController()
  const reading = readPartially(
    [
      ['Postgres', new Promise(() => {})],
      ['Redis', Promise.resolve({ queueWaiting: 3 })],
      ['payments', Promise.reject(new Error('refused'))],
    ],
    late.signal,
  )
  late.abort()
  expect(await reading).toEqual({
    counters: { queueWaiting: 3 },
    unread: [
      { source: 'Postgres', error: expect.stringContaining('in time') as string },
      { source: 'payments', error: 'refused' },
    ],
  })
})
