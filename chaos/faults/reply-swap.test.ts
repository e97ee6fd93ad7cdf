import { expect, test } from 'vitest'

import { replySwap } from './reply-swap.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { rate: 0.5, exchange: 'GET', waitMs: 100 },
  targets: ['api-1:redis', 'api-2:redis'],
}

describeFault(replySwap, example)

test('reply-swap puts one toxic on each link, for replies', async () => {
  const world = createWorld()
  await replySwap.inject(requestOf(example), world.context)
  const attributes = { rate: 0.5, exchange: 'GET', wait: 100 }
  for (const link of example.targets)
    expect(world.links.toxics.get(link)).toMatchObject([
      { type: 'reply_swap', stream: 'downstream', attributes },
    ])
})
