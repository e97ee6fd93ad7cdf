import { expect, test } from 'vitest'

import { reset } from './reset.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { afterMs: 100 }, targets: ['api-1:redis'] }

describeFault(reset, example)

test('a reset with once counts the connections and leaves no toxic', async () => {
  const world = createWorld()
  const once = { params: { once: true }, targets: ['api-1:redis', 'api-2:redis'] }
  const injected = await reset.inject(requestOf(once), world.context)
  expect(injected.mechanism).toBe('RST to 2 connections')
  expect(world.links.resets).toEqual(['api-1:redis', 'api-2:redis'])
  expect(world.links.toxics.size).toBe(0)
})
