import { expect, test, vi } from 'vitest'

import { pause } from './pause.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: {}, targets: ['worker-1'] }

describeFault(pause, example)

test('a pause gives its lease to the runtime, which resumes the instance when it ends', async () => {
  const world = createWorld()
  const paused = vi.spyOn(world.runtime, 'pause')
  await pause.inject(requestOf(example), world.context)
  expect(paused).toHaveBeenCalledWith('worker-1', expect.objectContaining({ leaseMs: 60_000 }))
})
