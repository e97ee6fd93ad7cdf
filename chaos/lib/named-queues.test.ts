import { expect, test } from 'vitest'

import { createNamedQueues } from './named-queues.ts'

test('tasks of one name run one after the other, even if the first fails; other names do not wait', async () => {
  const enqueue = createNamedQueues()
  const ended: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = enqueue('api-1', async () => {
    await gate.promise
    ended.push('first')
    throw new Error('no')
  })
  const second = enqueue('api-1', async () => void ended.push('second'))
  const other = enqueue('api-2', async () => void ended.push('other'))
  await other
  gate.resolve()
  await expect(first).rejects.toThrow('no')
  await second
  expect(ended).toEqual(['other', 'first', 'second'])
})
