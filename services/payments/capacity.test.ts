import { expect, test } from 'vitest'

import { createCapacity } from './capacity.ts'

function createTestCapacity() {
  const naps: { readonly ms: number; readonly end: () => void }[] = []
  const sleep = async (ms: number): Promise<void> =>
    await new Promise((resolve) => naps.push({ ms, end: resolve }))
  const limits = { slots: 2, serviceMs: 10, pushedServiceMs: 20, queueMax: 2 }
  return { naps, capacity: createCapacity(limits, sleep) }
}

test('processes up to its capacity, queues up to its limit, and refuses the others at once', async () => {
  const { naps, capacity } = createTestCapacity()
  const spent = Array.from({ length: 5 }, async () => await capacity.spend())
  expect(await spent[4]).toBe(false)
  expect([capacity.running, capacity.waiting]).toEqual([2, 2])
  naps[0]?.end()
  await expect.poll(() => naps).toHaveLength(3)
  expect([capacity.running, capacity.waiting]).toEqual([2, 1])
  naps[1]?.end()
  await expect.poll(() => naps).toHaveLength(4)
  naps[2]?.end()
  naps[3]?.end()
  expect(await Promise.all(spent)).toEqual([true, true, true, true, false])
  expect([capacity.running, capacity.waiting]).toEqual([0, 0])
})

test('becomes slower as the queue grows', async () => {
  const { naps, capacity } = createTestCapacity()
  const spent = Array.from({ length: 4 }, async () => await capacity.spend())
  naps[0]?.end()
  await expect.poll(() => naps.map(({ ms }) => ms)).toEqual([10, 10, 15])
  for (const nap of naps.slice(1)) nap.end()
  await expect.poll(() => naps).toHaveLength(4)
  naps[3]?.end()
  expect(await Promise.all(spent)).toEqual([true, true, true, true])
})
