import { expect, test } from 'vitest'

import type { RunSummary } from '../../../contracts/api.ts'
import { pairOf } from './run-pair.ts'

function run(id: string, outcome: RunSummary['outcome'], version = 'mine'): RunSummary {
  const startedAt = '2030-01-01T00:00:00.000Z'
  const ended = { endedAt: startedAt, state: 'done', headline: null } as const
  return { id, title: 'Lab', version, seed: 1, startedAt, ...ended, outcome }
}

test('the last violated run before the first held one, of the own code', () => {
  const runs = [
    run('7', 'violated'),
    run('6', 'held'),
    run('5', 'held', 'shop'),
    run('4', 'held'),
    run('3', 'inconclusive'),
    run('2', 'violated'),
    run('1', 'violated'),
  ]
  const pair = pairOf(runs)
  expect([pair?.violated.id, pair?.held.id]).toEqual(['2', '4'])
})

test('without a violated run before it there is no pair', () => {
  expect(pairOf([run('2', 'violated'), run('1', 'held')])).toBeNull()
  expect(pairOf([run('1', 'violated')])).toBeNull()
})
