import { expect, test } from 'vitest'

import type { Ack, AttemptSeen, FlowRun } from '#chaos/contracts/system/flow.ts'

import { derivedFlow } from './derived-flow.ts'
import type { Effect } from './effect.ts'
import type { Snapshot } from './snapshot.ts'

const link: Effect['groups'][number] = {
  table: 'links',
  op: 'appears',
  columns: { slug: 'value' },
  parts: [{ shape: { slug: '{{id}}' }, count: 1 }],
  holds: 'one',
  because: 'every run without a fault has the same rows',
}
const key = 'o-x-000001'

function linksWith(slugs: readonly string[]): Snapshot {
  const tables = { links: { key: ['slug'], rows: slugs.map((slug) => ({ slug })) } }
  return { tables, unread: {}, pending: 0, values: [] }
}

function ackOf(outcome: Ack['outcome'], ...results: readonly string[]): Ack {
  const attempts = results.map((result): AttemptSeen => {
    const status = Number(result)
    const own = status < 300 ? 'ok' : status < 500 ? 'fail' : 'unknown'
    const seen = { instance: 'web', startMs: 0, endMs: 1, result, outcome: own } as const
    return Number.isNaN(status) ? { ...seen, outcome: 'unknown' } : { ...seen, status }
  })
  return { outcome, attempts }
}

/** The result after the client had no response, and this in response to its retry. */
function afterRetry(again: Ack, slugs: readonly string[], repeatStatuses?: readonly number[]) {
  const effect = { groups: [link], background: [], unread: {}, idempotent: true }
  const topology = { instances: [], stores: [], links: [] }
  const stores = { statements: [] }
  const parts = { description: '', start: { requests: () => [] }, topology, settleMs: 1 }
  const flow = derivedFlow(
    { ...parts, stores, corrections: {} } as unknown as Parameters<typeof derivedFlow>[0],
    repeatStatuses === undefined ? effect : { ...effect, repeatStatuses },
  )
  const truth = linksWith(slugs)
  const run = { key, ack: ackOf('unknown', 'timeout'), before: linksWith([]), truth: linksWith([]) }
  return flow.judge({
    ...run,
    exchanges: [],
    settledAfterMs: 1,
    again: { ack: again, truth, exchanges: [] },
  } as unknown as FlowRun<Snapshot>).result
}

test('a retry that receives what a repeated request receives without a fault is done', () => {
  expect(afterRetry(ackOf('fail', '409'), [key], [409])).toBe('ok-rejected')
  expect(afterRetry(ackOf('fail', '409'), [key])).toBe('phantom')
  expect(afterRetry(ackOf('fail', '400'), [key], [409])).toBe('phantom')
  expect(afterRetry(ackOf('unknown', '409', 'timeout'), [key], [409])).toBe('stuck')
})

test('such a response without the effect is a lost effect', () => {
  expect(afterRetry(ackOf('fail', '409'), [], [409])).toBe('lost')
  expect(afterRetry(ackOf('ok', '201'), [key], [409])).toBe('ok-rejected')
})
