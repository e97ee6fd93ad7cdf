import { expect, test } from 'vitest'

import { idleTimeout } from './idle-timeout.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { idleMs: 500, how: 'silent' as const, noticeMs: 20, share: 0.5 },
  targets: ['api-1:redis', 'worker-1:payments'],
}

describeFault(idleTimeout, example)

test('idle-timeout puts one toxic on each link: it sees both directions', async () => {
  const world = createWorld()
  await idleTimeout.inject(requestOf(example), world.context)
  const attributes = { timeout: 500, how: 'silent', notice: 20 }
  for (const link of example.targets)
    expect(world.links.toxics.get(link)).toMatchObject([
      { type: 'idle_timeout', toxicity: 0.5, attributes },
    ])
})
