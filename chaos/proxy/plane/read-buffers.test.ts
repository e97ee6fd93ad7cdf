import { expect, test } from 'vitest'

import { returnBulkBuffer, takeBulkBuffer } from './read-buffers.ts'

test('large buffers are limited and reused, but not while a write uses them', () => {
  const taken: Buffer[] = []
  for (let buffer = takeBulkBuffer(); buffer !== null; buffer = takeBulkBuffer()) taken.push(buffer)
  expect(taken).toHaveLength(64)
  expect(new Set(taken).size).toBe(64)
  const [lent, returned] = taken
  if (lent === undefined || returned === undefined) throw new Error('no buffers')
  returnBulkBuffer(lent, false)
  expect(takeBulkBuffer()).not.toBe(lent)
  returnBulkBuffer(returned, true)
  expect(takeBulkBuffer()).toBe(returned)
  expect(takeBulkBuffer()).toBeNull()
  for (const buffer of taken) returnBulkBuffer(buffer, true)
})
