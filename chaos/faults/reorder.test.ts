import { expect, test } from 'vitest'

import { reorder } from './reorder.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { rate: 0.5, exchange: 'COMMIT', waitMs: 100, direction: 'replies' as const },
  targets: ['api-1:postgres'],
}

describeFault(reorder, example)

test.each([
  [{}, 'upstream'],
  [{ direction: 'requests' as const }, 'upstream'],
  [{ direction: 'replies' as const }, 'downstream'],
])('reorder with %j is on the stream %s', async (params, stream) => {
  const world = createWorld()
  await reorder.inject(requestOf({ ...example, params }), world.context)
  expect(world.links.toxics.get('api-1:postgres')).toMatchObject([{ type: 'reorder', stream }])
})

test('reorder tells the toxic its exchange, its share and its wait', async () => {
  const world = createWorld()
  await reorder.inject(requestOf(example), world.context)
  const attributes = { rate: 0.5, exchange: 'COMMIT', wait: 100 }
  expect(world.links.toxics.get('api-1:postgres')).toMatchObject([{ attributes }])
})
