import { expect, test } from 'vitest'

import { limitData } from './limit-data.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { bytes: 100 }, targets: ['api-1:postgres'] }

describeFault(limitData, example)

test('limit-data gives its toxic the attributes and the lease', async () => {
  const world = createWorld()
  await limitData.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('api-1:postgres')?.[0]).toMatchObject({
    type: 'limit_data',
    attributes: { bytes: 100 },
    expiresInMs: 60_000,
  })
})
