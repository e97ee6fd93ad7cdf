import { expect, test } from 'vitest'

import { bandwidth } from './bandwidth.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { rateBytesPerSecond: 20_000 }, targets: ['api-1:postgres'] }

describeFault(bandwidth, example)

test('bandwidth gives its toxic the attributes and the lease', async () => {
  const world = createWorld()
  await bandwidth.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('api-1:postgres')?.[0]).toMatchObject({
    type: 'bandwidth',
    attributes: { rate: 20 },
    expiresInMs: 60_000,
  })
})
