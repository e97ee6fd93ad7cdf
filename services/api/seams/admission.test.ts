import { expect, test, vi } from 'vitest'

import { admission } from './admission.ts'

function work() {
  const { promise, resolve } = Promise.withResolvers<string>()
  return {
    run: vi.fn<() => Promise<string>>(async () => await promise),
    finish: () => resolve('done'),
  }
}

test('runs up to its limit, queues up to its limit, and refuses the others before they begin', async () => {
  const door = admission({ runningMax: 1, waitingMax: 1, waitMaxMs: 5_000 })
  const [first, second, third] = [work(), work(), work()]
  const one = door.enter(first.run)
  const two = door.enter(second.run)
  await expect(door.enter(third.run)).rejects.toMatchObject({
    code: 'overloaded',
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
  expect(third.run).not.toHaveBeenCalled()
  expect([door.running, door.waiting]).toEqual([1, 1])
  first.finish()
  expect(await one).toBe('done')
  await expect.poll(() => second.run).toHaveBeenCalled()
  second.finish()
  expect(await two).toBe('done')
  expect([door.running, door.waiting]).toEqual([0, 0])
})

test('refuses an order that has waited too long, and never starts it', async () => {
  const door = admission({ runningMax: 1, waitingMax: 1, waitMaxMs: 1 })
  const [first, second] = [work(), work()]
  const one = door.enter(first.run)
  await expect(door.enter(second.run)).rejects.toMatchObject({ code: 'overloaded' })
  first.finish()
  await one
  expect(second.run).not.toHaveBeenCalled()
  expect([door.running, door.waiting]).toEqual([0, 0])
})

test('a failed order frees its place', async () => {
  const door = admission({ runningMax: 1, waitingMax: 0, waitMaxMs: 1 })
  await expect(door.enter(async () => await Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await door.enter(async () => 'next')).toBe('next')
})
