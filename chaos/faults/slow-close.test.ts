import { expect, test } from 'vitest'

import { slowClose } from './slow-close.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { delayMs: 300 }, targets: ['api-1:postgres'] }

describeFault(slowClose, example)

test('slow-close gives its toxic the attributes and the lease', async () => {
  const world = createWorld()
  await slowClose.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('api-1:postgres')?.[0]).toMatchObject({
    type: 'slow_close',
    attributes: { delay: 300 },
    expiresInMs: 60_000,
  })
})
