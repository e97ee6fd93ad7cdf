import { expect, test } from 'vitest'

import type { SandboxEvent } from '#chaos/contracts/events.ts'

import { at, testEvidence } from '../testing/test-evidence.ts'
import { readsFromReplica } from './reads-from-replica.ts'

function read(link: string, ms: number, signature = 'SELECT orders'): SandboxEvent {
  return {
    id: ms,
    at: at(ms),
    ms,
    type: 'exchange',
    part: 'request',
    link,
    exchange: ms,
    signature,
  } as unknown as SandboxEvent
}

const judge = (journal: readonly SandboxEvent[]) =>
  readsFromReplica.judge(testEvidence([], { journal, faultsFromMs: 2_000 }), { atLeast: 0.5 })

test('holds when the replica serves enough reads before the first fault', () => {
  const journal = [
    read('api-1:postgres-replica', 100),
    read('api-2:postgres-replica', 200),
    read('api-2:postgres', 300),
    read('api-2:postgres', 400, 'SELECT pg_current_wal_lsn'),
    // During the fault the primary may serve all of them.
    read('api-1:postgres', 2_100),
    read('api-2:postgres', 2_200),
  ]
  expect(judge(journal)).toMatchObject({
    outcome: 'held',
    measured: 2 / 3,
    summary: expect.stringMatching(/^2 of 3 /),
  })
})

test('is violated when the primary serves most of them', () => {
  const journal = [
    read('api-1:postgres', 100),
    read('api-2:postgres', 200),
    read('api-2:postgres-replica', 300),
  ]
  expect(judge(journal)).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'api-*:postgres', actual: '2 of 3' }],
  })
})

test('is inconclusive without a read', () => {
  expect(judge([read('api-1:postgres', 100, 'COMMIT')]).outcome).toBe('inconclusive')
})
