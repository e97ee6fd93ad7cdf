import { expect, test } from 'vitest'

import { duplicate } from './duplicate.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { rate: 0.5, exchange: 'POST /charges' },
  targets: ['worker-1:payments', 'worker-2:payments'],
}

describeFault(duplicate, example)

test('duplicate puts one toxic on each link, for requests', async () => {
  const world = createWorld()
  await duplicate.inject(requestOf(example), world.context)
  for (const link of example.targets)
    expect(world.links.toxics.get(link)).toMatchObject([
      { type: 'duplicate', stream: 'upstream', attributes: example.params },
    ])
})
