import { expect, test } from 'vitest'

import { mute } from './mute.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: {}, targets: ['api-1:redis'] }

describeFault(mute, example)

test('mute gives its toxic the attributes and the lease', async () => {
  const world = createWorld()
  await mute.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('api-1:redis')?.[0]).toMatchObject({
    type: 'mute',
    attributes: {},
    expiresInMs: 60_000,
  })
})
