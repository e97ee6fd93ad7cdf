import { expect, test } from 'vitest'

import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { createHiddenFaults } from './hidden-faults.ts'
import { veilEvent, veilState } from './veil.ts'

const signal = new AbortController().signal

test('a hidden fault is in no list and no event of the sandbox, and its toxics are hidden', async () => {
  const { sandbox, links } = await createFakeSandbox()
  await using hidden = createHiddenFaults(sandbox, createRandom(1))
  const seqBefore = sandbox.journal.lastSeq
  await hidden.inject(
    { kind: 'latency', target: 'worker-*:payments', params: { latencyMs: 2_000 } },
    signal,
  )
  expect(hidden.list()).toHaveLength(2)
  expect(sandbox.faults.list()).toEqual([])
  expect(JSON.stringify(sandbox.journal.since(seqBefore))).not.toContain('latency')
  const toxics = [...links.toxics.values()].flat()
  expect(toxics).toHaveLength(2)
  for (const { name, hidden: isHidden } of toxics) {
    expect(isHidden).toBe(true)
    expect(name).not.toContain('latency')
  }
  await sandbox[Symbol.asyncDispose]()
})

test('an action ends a fault only if it is the right one on the right part', async () => {
  const { sandbox } = await createFakeSandbox()
  await using hidden = createHiddenFaults(sandbox, createRandom(1))
  await hidden.inject(
    {
      kind: 'latency',
      target: 'worker-*:payments',
      params: { latencyMs: 2_000 },
      endedBy: ['reroute'],
    },
    signal,
  )
  expect(await hidden.endBy('restart', ['worker-1:payments'])).toEqual([])
  expect(await hidden.endBy('reroute', ['worker-1:redis'])).toEqual([])
  expect(await hidden.endBy('reroute', ['worker-1:payments'])).toEqual(['worker-1:payments'])
  expect(hidden.list().flatMap(({ targets }) => targets)).toEqual(['worker-2:payments'])
  await hidden.healAll()
  expect(hidden.list()).toEqual([])
  await sandbox[Symbol.asyncDispose]()
})

test('a frozen process looks like one that does not respond, and the cause of its state is hidden', () => {
  expect(veilState('paused')).toBe('unready')
  expect(veilState('exited')).toBe('exited')
  const event = {
    type: 'instance',
    instance: 'payments',
    state: 'paused',
    by: 'scenario',
    detail: 'SIGSTOP',
  } as const
  expect(veilEvent(event)).toEqual({
    type: 'instance',
    instance: 'payments',
    state: 'unready',
    by: 'itself',
  })
  const own = { type: 'instance', instance: 'api-1', state: 'absent', by: 'user' } as const
  expect(veilEvent(own)).toEqual(own)
})

test('a veil on the journal changes every later event, also those that are kept', async () => {
  const { sandbox } = await createFakeSandbox()
  {
    using _veil = sandbox.journal.veil(veilEvent)
    sandbox.journal.publish({
      type: 'instance',
      instance: 'redis',
      state: 'paused',
      by: 'scenario',
    })
  }
  sandbox.journal.publish({ type: 'instance', instance: 'redis', state: 'paused', by: 'user' })
  const states = sandbox.journal
    .since(0)
    .flatMap((event) => (event.type === 'instance' ? event.state : []))
  expect(states.slice(-2)).toEqual(['unready', 'paused'])
  await sandbox[Symbol.asyncDispose]()
})
