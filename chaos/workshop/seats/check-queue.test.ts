import { expect, test } from 'vitest'

import { createManualClock } from '#chaos/engine/testing/manual-clock.ts'

import { createCheckQueue } from './check-queue.ts'

const open = (most = 1) => {
  const clock = createManualClock()
  const queue = createCheckQueue({ most, clock, onChanged: () => undefined })
  return { clock, queue, signal: new AbortController().signal }
}

test('as many checks as the machine bears begin at once, and the others in the sequence of their requests', async () => {
  const { queue, signal } = open(2)
  const begun: number[] = []
  for (const seat of [5, 3, 9, 1]) void queue.enter(seat, signal).then(() => begun.push(seat))
  await expect.poll(() => begun).toEqual([5, 3])
  expect([9, 1].map((seat) => queue.placeOf(seat))).toEqual([
    { place: 1, of: 2 },
    { place: 2, of: 2 },
  ])
  queue.leave(3)
  await expect.poll(() => begun).toEqual([5, 3, 9])
  expect([queue.isChecking(9), queue.isChecking(3), queue.placeOf(1)]).toEqual([
    true,
    false,
    { place: 1, of: 1 },
  ])
})

test('a request that waits long receives its place, and the same request again keeps it', async () => {
  const { clock, queue, signal } = open()
  expect(await queue.enter(1, signal)).toBeNull()
  const first = queue.enter(2, signal)
  const behind = queue.enter(3, signal)
  await clock.advance(20_000)
  expect([await first, await behind]).toEqual([
    { place: 1, of: 2 },
    { place: 2, of: 2 },
  ])
  const again = queue.enter(2, signal)
  await clock.advance(5_000)
  queue.leave(1)
  expect(await again).toBeNull()
})

test('a browser that is gone loses its place at once', async () => {
  const { queue, signal } = open()
  expect(await queue.enter(1, signal)).toBeNull()
  const closed = new AbortController()
  const gone = queue.enter(2, closed.signal)
  const waits = queue.enter(3, signal)
  closed.abort()
  await gone
  expect(queue.placeOf(3)).toEqual({ place: 1, of: 1 })
  queue.leave(1)
  expect(await waits).toBeNull()
})

test('a page that does not ask again after its turn has come loses it', async () => {
  const { clock, queue, signal } = open()
  expect(await queue.enter(1, signal)).toBeNull()
  const first = queue.enter(2, signal)
  await clock.advance(20_000)
  expect(await first).toEqual({ place: 1, of: 1 })
  const waits = queue.enter(3, signal)
  queue.leave(1)
  expect(queue.placeOf(3)).toEqual({ place: 1, of: 1 })
  await clock.advance(10_000)
  expect(await waits).toBeNull()
})

test('two requests of one seat are two checks, one after the other', async () => {
  const { queue, signal } = open(2)
  const begun: string[] = []
  for (const name of ['first', 'second']) void queue.enter(1, signal).then(() => begun.push(name))
  await expect.poll(() => begun).toEqual(['first'])
  void queue.enter(2, signal).then(() => begun.push('other'))
  await expect.poll(() => begun).toEqual(['first', 'other'])
  queue.leave(1)
  await expect.poll(() => begun).toEqual(['first', 'other', 'second'])
})
