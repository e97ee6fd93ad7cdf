import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'

import { createLease } from './lease.ts'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

test('a lease ends after its time and reports the remaining time', () => {
  const expired = vi.fn<() => void>()
  const lease = createLease(expired)
  lease.renew(300)
  vi.advanceTimersByTime(299)
  expect(lease.expiresInMs).toBe(1)
  expect(expired).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(expired).toHaveBeenCalledOnce()
  expect(lease.expiresInMs).toBeUndefined()
})

test('a renewed lease ends only at its new time', () => {
  const expired = vi.fn<() => void>()
  const lease = createLease(expired)
  lease.renew(300)
  lease.renew(60_000)
  vi.advanceTimersByTime(59_999)
  expect(expired).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(expired).toHaveBeenCalledOnce()
})

test.each(['cancel', 'renew'] as const)('after %s without a time, a lease never ends', (how) => {
  const expired = vi.fn<() => void>()
  const lease = createLease(expired)
  lease.renew(300)
  if (how === 'cancel') lease.cancel()
  else lease.renew(undefined)
  vi.advanceTimersByTime(3_600_000)
  expect(expired).not.toHaveBeenCalled()
  expect(lease.expiresInMs).toBeUndefined()
})
