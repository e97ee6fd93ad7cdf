import { getEventListeners } from 'node:events'

import { expect, test } from 'vitest'

import { abortWith } from './abort-with.ts'

test('the controller aborts with the signal and for its reason; its own abort leaves the signal alone', () => {
  const long = new AbortController()
  using following = abortWith(long.signal)
  using own = abortWith(long.signal)
  own.abort()
  expect(long.signal.aborted).toBe(false)
  long.abort(new Error('over'))
  expect(following.signal.reason).toEqual(new Error('over'))
  expect(abortWith(long.signal).signal.aborted).toBe(true)
})

test('disposing leaves no listener at the signal', () => {
  const { signal } = new AbortController()
  for (let i = 0; i < 3; i++) {
    using following = abortWith(signal)
    following.abort()
  }
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
