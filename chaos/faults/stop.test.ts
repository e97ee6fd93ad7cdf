import { expect, test } from 'vitest'

import { stop } from './stop.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { grace: '2s', downFor: '1s' }, targets: ['worker-1'] }

describeFault(stop, example)

test('a stop uses SIGTERM, and ends by itself after downFor', async () => {
  const world = createWorld()
  const injected = await stop.inject(requestOf(example), world.context)
  expect(world.runtime.calls).toEqual(['stop worker-1'])
  expect(injected.lastsMs).toBe(1_000)
})
