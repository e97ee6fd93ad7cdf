import { expect, test } from 'vitest'

import { latency } from './latency.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { latencyMs: 200, jitterMs: 20 },
  targets: ['worker-1:payments', 'worker-2:payments'],
}

describeFault(latency, example)

test('latency delays replies by default, and its lease lives in the data plane', async () => {
  const world = createWorld()
  const injected = await latency.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('worker-2:payments')).toEqual([
    {
      name: 'fault-1-downstream',
      type: 'latency',
      stream: 'downstream',
      attributes: { latency: 200, jitter: 20 },
      expiresInMs: 60_000,
    },
  ])
  expect(injected.toxics).toEqual(['fault-1-downstream'])
})

test('latency in both directions is one toxic per stream, on the given share of connections', async () => {
  const world = createWorld()
  const params = { latencyMs: 5, direction: 'both', share: 0.5 } as const
  await latency.inject(requestOf({ ...example, params }), world.context)
  expect(world.links.toxics.get('worker-1:payments')).toMatchObject([
    { stream: 'upstream', toxicity: 0.5 },
    { stream: 'downstream', toxicity: 0.5 },
  ])
})

test('when one link cannot be reached, no toxic stays on the others', async () => {
  const world = createWorld()
  world.links.broken.add('worker-2:payments')
  await expect(latency.inject(requestOf(example), world.context)).rejects.toThrow(
    'worker-2:payments',
  )
  expect(world.links.toxics.size).toBe(0)
})
