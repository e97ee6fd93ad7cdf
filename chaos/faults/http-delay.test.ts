import { expect, test } from 'vitest'

import { httpDelay } from './http-delay.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { delayMs: 300, jitterMs: 20, rate: 0.5, method: 'POST', route: '/charges' },
  targets: ['worker-1:payments'],
}

describeFault(httpDelay, example)

test('http-delay tells the toxic which requests it delays, and by how much', async () => {
  const world = createWorld()
  await httpDelay.inject(requestOf(example), world.context)
  expect(world.links.toxics.get('worker-1:payments')).toMatchObject([
    {
      type: 'http_delay',
      attributes: { rate: 0.5, method: 'POST', route: '/charges', delay: 300, jitter: 20 },
    },
  ])
})
