import { expect, test } from 'vitest'

import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'
import { timeout } from './timeout.ts'

const example = { params: { closeAfterMs: 500 }, targets: ['api-1:postgres'] }

describeFault(timeout, example)

test('timeout gives its toxic the attributes and the lease', async () => {
  const world = createWorld()
  await timeout.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('api-1:postgres')?.[0]).toMatchObject({
    type: 'timeout',
    attributes: { timeout: 500 },
    expiresInMs: 60_000,
  })
})
