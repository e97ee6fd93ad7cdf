import { expect, test } from 'vitest'

import type { LinkStatus } from '#chaos/contracts/links.ts'
import type { TruthReader } from '#chaos/contracts/truth.ts'

import { createFakeSandbox, settledCounters } from '../testing/fake-sandbox.ts'
import { publishFigures } from './figures.ts'

async function open(options: { truthOnDemand?: boolean } = { truthOnDemand: true }) {
  const seen = { reads: 0, customerBytes: 0, workerBytes: 0, counters: settledCounters }
  const truth = {
    counters: async () => {
      seen.reads += 1
      return seen.counters
    },
    [Symbol.asyncDispose]: async () => {},
  } as unknown as TruthReader
  const { sandbox, clock, links } = await createFakeSandbox({}, { truth })
  links.list = async () => {
    seen.workerBytes += 100
    const link = (name: string, bytesUpstream: number) =>
      ({ name, connections: 1, bytesUpstream, bytesDownstream: 0 }) as LinkStatus
    return [link('client:api-1', seen.customerBytes), link('worker-1:redis', seen.workerBytes)]
  }
  let figures = 0
  sandbox.journal.subscribe(({ type }) => {
    if (type === 'figures') figures += 1
  })
  const stack = new AsyncDisposableStack()
  stack.use(sandbox)
  stack.use(publishFigures(sandbox, options))
  const readsIn = async (ms: number): Promise<number> => {
    const before = seen.reads
    await clock.advance(ms)
    return seen.reads - before
  }
  await clock.advance(1_000)
  return {
    seen,
    sandbox,
    readsIn,
    figures: () => figures,
    dispose: async () => stack.disposeAsync(),
  }
}

test('an idle sandbox with a page reads the truth at most seven times a minute', async () => {
  const { readsIn, figures, dispose } = await open()
  expect(await readsIn(60_000)).toBeLessThanOrEqual(7)
  expect(figures()).toBe(61)
  await dispose()
})

test('a run reads the truth every second', async () => {
  const { readsIn, dispose } = await open({})
  expect(await readsIn(60_000)).toBe(60)
  await dispose()
})

test('with an active fault, the truth is read every second', async () => {
  const { sandbox, readsIn, dispose } = await open()
  await sandbox.faults.inject({
    kind: 'latency',
    target: 'api-1:redis',
    params: { latencyMs: 5 },
    by: 'user',
  })
  expect(await readsIn(30_000)).toBe(30)
  await dispose()
})

test('while orders are in flight, the truth is read every second', async () => {
  const { seen, readsIn, dispose } = await open()
  seen.counters = { ...settledCounters, unfinished: 1 }
  await readsIn(10_000)
  expect(await readsIn(30_000)).toBe(30)
  await dispose()
})

test('bytes of a customer or an event cause a read with the next figures', async () => {
  const { seen, sandbox, readsIn, dispose } = await open()
  await readsIn(10_000)
  expect(await readsIn(1_000)).toBe(0)
  seen.customerBytes += 1
  expect(await readsIn(1_000)).toBe(1)
  sandbox.journal.note('info', 'something happened')
  expect(await readsIn(1_000)).toBe(1)
  expect(await readsIn(1_000)).toBe(0)
  await dispose()
})
