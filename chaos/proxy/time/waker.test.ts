import { expect, test } from 'vitest'

import { createWaker } from './waker.ts'

test('a deadline beyond the range of every timer does not wake at once', async () => {
  let early = 0
  const far = createWaker(() => early++)
  // Both ways to wait: the timer of the event loop before the thread runs, and the thread.
  far.wakeAt(Number.MAX_SAFE_INTEGER)
  for (let round = 0; round < 3; round++) {
    await new Promise<void>((resolve) => {
      const near = createWaker(() => {
        near.close()
        resolve()
      })
      near.wakeAt(performance.now() + 60)
    })
    far.wakeAt(Number.MAX_SAFE_INTEGER)
  }
  far.close()
  expect(early).toBe(0)
})
