import { expect, test } from 'vitest'

import { httpDelay } from './http-delay.ts'
import { createWorld, describeFault, orderOf } from './testing/describe-fault.ts'

const example = {
  params: { delayMs: 300, rate: 0.5, route: '/charges' },
  targets: ['worker-1:payments'],
}

describeFault(httpDelay, example)

test('http-delay hands on which requests it is about', async () => {
  const world = createWorld()
  await httpDelay.inject(orderOf(example), world.context)
  expect(world.links.toxics.get('worker-1:payments')).toMatchObject([
    {
      type: 'http_delay',
      attributes: { rate: 0.5, method: '*', route: '/charges', delay: 300, jitter: 0 },
    },
  ])
})
