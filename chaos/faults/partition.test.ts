import { expect, test } from 'vitest'

import { partition } from './partition.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: {}, targets: ['api-1:postgres'] }

describeFault(partition, example)
describeFault(partition, { ...example, runtime: { packetFilter: 'works' } })

test('a partition drops real packets where the runtime can', async () => {
  const world = createWorld({ packetFilter: 'works' })
  const injected = await partition.inject(requestOf(example), world.context)
  expect(injected.mechanism).toBe('packets')
  expect([...world.runtime.rules]).toEqual(['partition api-1 postgres both'])
  expect(world.links.toxics.size).toBe(0)
})

test('a one-way partition of the replies drops what the callee sends', async () => {
  const world = createWorld({ packetFilter: 'works' })
  const params = { direction: 'replies' } as const
  await partition.inject(requestOf({ ...example, params }), world.context)
  expect([...world.runtime.rules]).toEqual(['partition postgres api-1 one-way'])
})

test('without a packet filter the link drops everything, and the mechanism says so', async () => {
  const world = createWorld()
  const injected = await partition.inject(requestOf(example), world.context)
  expect(injected.mechanism).toBe('link (no packet filter here)')
  expect(world.links.toxics.get('api-1:postgres')).toHaveLength(2)
})

test('when the kernel refuses the rules, the link drops everything, and the mechanism says why', async () => {
  const world = createWorld({ packetFilter: 'refuses' })
  const injected = await partition.inject(requestOf(example), world.context)
  expect(injected.mechanism).toBe('link (the packet filter failed: iptables: permission denied)')
})

test('a link from the client uses the toxic, because the client has no network namespace', async () => {
  const world = createWorld({ packetFilter: 'works' })
  const targets = ['client:api-1', 'api-1:postgres']
  const injected = await partition.inject(requestOf({ ...example, targets }), world.context)
  expect(injected.mechanism).toBe('link (the client has no network namespace); packets')
})
