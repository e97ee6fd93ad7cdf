import { expect, test } from 'vitest'

import { createRingBuffer } from './ring-buffer.ts'

test('keeps the newest items in their order and counts those it has forgotten', () => {
  const buffer = createRingBuffer<number>(3)
  for (let n = 1; n <= 7; n++) buffer.push(n)
  expect(buffer.items).toEqual([5, 6, 7])
  expect(buffer.forgotten).toBe(4)
})

test('the items are the same array until the next change', () => {
  const buffer = createRingBuffer<number>(3)
  buffer.push(1)
  const before = buffer.items
  expect(buffer.items).toBe(before)
  buffer.push(2)
  expect(buffer.items).not.toBe(before)
  expect(before).toEqual([1])
})

test('is empty after it was cleared, and starts to count again', () => {
  const buffer = createRingBuffer<number>(2)
  for (let n = 1; n <= 5; n++) buffer.push(n)
  buffer.clear()
  expect([buffer.items, buffer.forgotten]).toEqual([[], 0])
  for (let n = 1; n <= 3; n++) buffer.push(n)
  expect([buffer.items, buffer.forgotten]).toEqual([[2, 3], 1])
})

test('replaces the newest item that matches, even after older items were forgotten', () => {
  const buffer = createRingBuffer<string>(3)
  for (const item of ['a1', 'b1', 'a2', 'b2', 'c1']) buffer.push(item)
  buffer.replace(
    (item) => item.startsWith('b'),
    (item) => `${item}!`,
  )
  buffer.replace(
    (item) => item.startsWith('x'),
    () => 'never',
  )
  expect(buffer.items).toEqual(['a2', 'b2!', 'c1'])
})
