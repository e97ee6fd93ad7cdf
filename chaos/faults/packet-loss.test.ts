import { expect, test } from 'vitest'

import { packetLoss } from './packet-loss.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { probability: 0.2 }, targets: ['api-1:postgres'] }

describeFault(packetLoss, example)
describeFault(packetLoss, { ...example, runtime: { packetFilter: 'works' } })

test('packet loss drops real packets where the runtime can, and stalls the link elsewhere', async () => {
  const real = createWorld({ packetFilter: 'works' })
  await packetLoss.inject(requestOf(example), real.context)
  expect([...real.runtime.rules]).toEqual(['loss api-1 postgres 0.2'])

  const stalled = createWorld()
  await packetLoss.inject(requestOf(example), stalled.context)
  expect(stalled.links.toxics.get('api-1:postgres')?.[0]?.type).toBe('packet_loss')
})
