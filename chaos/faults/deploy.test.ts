import { expect, test } from 'vitest'

import { deploy } from './deploy.ts'
import { createWorld, describeFault, orderOf } from './testing/describe-fault.ts'

const example = {
  params: { exerciseDir: 'my-work/new', environment: { FEATURE: 'on' } },
  targets: ['worker-1'],
}

describeFault(deploy, example)

test('a deploy adds to the environment, and undone it gives the old one back', async () => {
  const world = createWorld()
  const old = { NETS_OFF: 'reconciler', EXERCISE_DIR: 'my-work/old' }
  world.runtime.environments.set('worker-1', old)
  const injected = await deploy.inject(orderOf(example), world.context)
  expect(world.runtime.environments.get('worker-1')).toEqual({
    NETS_OFF: 'reconciler',
    EXERCISE_DIR: 'my-work/new',
    FEATURE: 'on',
  })
  await injected[Symbol.asyncDispose]()
  expect(world.runtime.environments.get('worker-1')).toEqual(old)
})
