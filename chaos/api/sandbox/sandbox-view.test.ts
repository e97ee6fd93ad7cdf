import { expect, test } from 'vitest'

import type { TruthReader } from '#chaos/contracts/truth.ts'
import { createFakeSandbox, settledCounters } from '#chaos/engine/testing/fake-sandbox.ts'
import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { readPartially } from '#chaos/lib/read-partially.ts'

import { viewSandbox } from './sandbox-view.ts'

const facts = {
  slot: 0,
  version: '1.2.3',
  startedAt: '2030-01-01T00:00:00.000Z',
  url: 'http://127.0.0.1:20000',
  proxyPort: undefined,
}
const now = { run: null, traffic: null, acknowledged: 0 }
const hangs = new Promise<never>(() => {})

test('a part that does not respond is unread and does not hide the others', async () => {
  const runtime = createFakeRuntime()
  const truth: TruthReader = {
    read: () => hangs,
    isFinal: () => hangs,
    counters: () => hangs,
    partialCounters: (signal) =>
      readPartially(
        [
          ['Postgres', hangs],
          ['Redis', Promise.resolve({ queueWaiting: 1 })],
          ['payments', Promise.reject(new Error('refused'))],
        ],
        signal,
      ),
    [Symbol.asyncDispose]: async () => {},
  }
  const { sandbox, links } = await createFakeSandbox({}, { runtime, truth })
  links.list = () => hangs
  const startMs = performance.now()
  const view = await viewSandbox(sandbox, facts, now)
  expect(performance.now() - startMs).toBeLessThan(1_000)
  expect(view).toMatchObject({ ready: true, links: [], truth: null })
  expect(view.unread?.map(({ part }) => part)).toEqual(['the links', 'Postgres', 'payments'])
  expect(view.unread?.at(-1)).toEqual({ part: 'payments', error: 'refused' })
  await sandbox[Symbol.asyncDispose]()
})

test('a complete view has nothing unread', async () => {
  const { sandbox } = await createFakeSandbox()
  const view = await viewSandbox(sandbox, facts, now)
  expect(view.truth).toEqual(settledCounters)
  expect(view).not.toHaveProperty('unread')
  const { name, topology, page } = sandbox.system
  expect(view.system).toMatchObject({ name, page, stores: topology.stores.map(({ name }) => name) })
  expect(view.system.links).toHaveLength(topology.links.length)
  // Clients of the API need no ports and no paths.
  expect(JSON.stringify(view.system)).not.toMatch(/portOffset|main/)
  await sandbox[Symbol.asyncDispose]()
})
