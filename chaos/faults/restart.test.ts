import { expect, test } from 'vitest'

import { restart } from './restart.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { grace: '2s' }, targets: ['api-1', 'api-2'] }

describeFault(restart, { ...example, leavesNothing: true })

test('a restart is rolling: the second instance stops after the first has started', async () => {
  const world = createWorld()
  await restart.inject(requestOf(example), world.context)
  expect(world.runtime.calls).toEqual(['stop api-1', 'start api-1', 'stop api-2', 'start api-2'])
})

test('an instance that stopped and did not start is started again', async () => {
  const world = createWorld()
  world.runtime.broken.add('start api-1')
  await expect(restart.inject(requestOf(example), world.context)).rejects.toThrow('start api-1')
  expect(world.runtime.calls).toEqual(['stop api-1', 'start api-1', 'start api-1'])
})
