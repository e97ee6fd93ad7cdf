import { expect, test } from 'vitest'

import { deploy } from './deploy.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = {
  params: { exerciseDir: 'my-work/new', environment: { FEATURE: 'on' } },
  targets: ['worker-1'],
}

describeFault(deploy, example)

test('a deploy adds to the environment, and its heal restores the old one', async () => {
  const world = createWorld()
  const old = { NETS_OFF: 'reconciler', EXERCISE_DIR: 'my-work/old' }
  world.runtime.environments.set('worker-1', old)
  const injected = await deploy.inject(requestOf(example), world.context)
  expect(world.runtime.environments.get('worker-1')).toEqual({
    NETS_OFF: 'reconciler',
    EXERCISE_DIR: 'my-work/new',
    FEATURE: 'on',
  })
  await injected[Symbol.asyncDispose]()
  expect(world.runtime.environments.get('worker-1')).toEqual(old)
})

test('the code of the run replaces the old code and the seams that were expected of it', async () => {
  const world = createWorld()
  const old = { NETS_OFF: 'reconciler', EXERCISE_DIR: 'my-work/old', EXPECTED_SEAMS: 'place-order' }
  world.runtime.environments.set('worker-1', old)
  const params = { code: 'judged' } as const
  const injected = await deploy.inject(requestOf({ ...example, params }), world.context)
  expect(world.runtime.environments.get('worker-1')).toEqual({
    NETS_OFF: 'reconciler',
    EXERCISE_DIR: 'my-work/judged',
    EXPECTED_SEAMS: 'judged',
  })
  await injected[Symbol.asyncDispose]()
  expect(world.runtime.environments.get('worker-1')).toEqual(old)
})

test("a run without code of its own deploys the shop's own code", async () => {
  const world = createWorld()
  world.runtime.environments.set('worker-1', { EXERCISE_DIR: 'old', EXPECTED_SEAMS: 'x', A: 'b' })
  const params = { code: 'judged' } as const
  const context = { ...world.context, codeOf: () => ({}) }
  await deploy.inject(requestOf({ ...example, params }), context)
  expect(world.runtime.environments.get('worker-1')).toEqual({ A: 'b' })
})

test('code and exerciseDir together are refused', async () => {
  const world = createWorld()
  const params = { code: 'frozen', exerciseDir: 'my-work/new' } as const
  await expect(deploy.inject(requestOf({ ...example, params }), world.context)).rejects.toThrow(
    /frozen.*my-work\/new/,
  )
  expect(world.runtime.environments.get('worker-1')).toBeUndefined()
})

test('two deploys of one instance run one after the other, and the heal of the second restores the first', async () => {
  const world = createWorld()
  const first = requestOf({ ...example, params: { environment: { STEP: '1' } } })
  const second = requestOf({ ...example, params: { environment: { STEP: '2' } } })
  const [, injected] = await Promise.all([
    deploy.inject(first, world.context),
    deploy.inject(second, world.context),
  ])
  expect(world.runtime.calls).toEqual([
    'stop worker-1',
    'start worker-1',
    'stop worker-1',
    'start worker-1',
  ])
  expect(world.runtime.environments.get('worker-1')).toEqual({ STEP: '2' })
  await injected[Symbol.asyncDispose]()
  expect(world.runtime.environments.get('worker-1')).toEqual({ STEP: '1' })
})
