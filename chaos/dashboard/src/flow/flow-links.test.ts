import { expect, test } from 'vitest'

import type { FlowList } from '../../../contracts/flow-record.ts'
import type { Operation } from '../../../contracts/history.ts'
import { flowFinder, flowHref } from './flow-links.ts'

const operation = (id: number, key: string, orderId: string): Operation => ({
  id,
  kind: 'place-order',
  key,
  orderId,
  outcome: 'ok',
  startMs: 0,
  endMs: 1,
  attempts: [],
  tags: [],
})

const list: FlowList = {
  isComplete: true,
  flows: [
    {
      id: 'o-7f-1',
      title: 'order o-7f-1',
      names: ['b52e'],
      result: 'paid',
      atMs: 0,
      isFailing: true,
    },
  ],
}

test('a flow is found by its key, by ids of the system and by the number of its operation', () => {
  const find = flowFinder(list, [operation(14, 'o-7f-1', '3f1c')])
  for (const name of ['o-7f-1', 'b52e', '3f1c', 'order 3f1c', '14', 'operation 14'])
    expect(find(name)).toBe('o-7f-1')
  expect(find('api-1')).toBeUndefined()
})

test('a flow that was not recorded has no link', () => {
  const find = flowFinder(list, [operation(15, 'o-7f-2', '4a4a')])
  expect(find('4a4a')).toBeUndefined()
  expect(flowFinder(null, [operation(14, 'o-7f-1', '3f1c')])('3f1c')).toBeUndefined()
})

test('an address can be read back', () => {
  const [, page, run, id] = flowHref('run 1', 'a/b').split('/').map(decodeURIComponent)
  expect([page, run, id]).toEqual(['flows', 'run 1', 'a/b'])
})
