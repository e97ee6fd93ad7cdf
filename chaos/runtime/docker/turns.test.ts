import { expect, it } from 'vitest'

import { createTurns } from './turns.ts'

it('lets the second begin when the first is through, even if it failed', async () => {
  const turns = createTurns()
  const order: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = turns('api-1', async () => {
    await gate.promise
    order.push('first')
    throw new Error('no')
  })
  const second = turns('api-1', async () => void order.push('second'))
  const other = turns('api-2', async () => void order.push('other'))
  await other
  gate.resolve()
  await expect(first).rejects.toThrow('no')
  await second
  expect(order).toEqual(['other', 'first', 'second'])
})
