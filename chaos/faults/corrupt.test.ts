import { expect, test } from 'vitest'

import { corrupt } from './corrupt.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { probability: 0.1 }, targets: ['api-1:postgres'] }

describeFault(corrupt, example)

test('corrupt gives its toxic the attributes and the lease', async () => {
  const world = createWorld()
  await corrupt.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('api-1:postgres')?.[0]).toMatchObject({
    type: 'corrupt',
    attributes: { probability: 0.1 },
    expiresInMs: 60_000,
  })
})
