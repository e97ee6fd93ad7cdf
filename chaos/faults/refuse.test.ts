import { expect, test } from 'vitest'

import { refuse } from './refuse.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: {}, targets: ['api-1:payments', 'api-2:payments'] }

describeFault(refuse, example)

test('a heal goes on after a link that does not respond, and can be tried again', async () => {
  const world = createWorld()
  const injected = await refuse.inject(requestOf(example), world.context)
  world.links.broken.add('api-1:payments')
  await expect(injected[Symbol.asyncDispose]()).rejects.toThrow('api-1:payments')
  expect([...world.links.down]).toEqual(['api-1:payments'])
  world.links.broken.clear()
  await injected[Symbol.asyncDispose]()
  expect(world.links.down.size).toBe(0)
})
