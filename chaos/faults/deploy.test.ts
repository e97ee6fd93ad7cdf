import { expect, test } from 'vitest'

import { createManualClock } from '#chaos/engine/testing/manual-clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

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

/** A world in which the new version refuses to start on these instances. */
function createBadDeploy(...refusing: readonly string[]) {
  const world = createWorld()
  const { runtime } = world
  const start = runtime.start.bind(runtime)
  const refuses = (name: string) =>
    refusing.includes(name) && runtime.environments.get(name)?.['SIZE'] === 'x'
  runtime.start = async (name, request) => {
    await start(name, request)
    if (!refuses(name)) return
    runtime.states.set(name, 'exited')
    throw Object.assign(new InputError(`${name} cannot start`), { lastLine: 'SIZE: "x" is wrong' })
  }
  return world
}

const targets = ['api-1', 'api-2', 'worker-1']
const badSetting = { environment: { SIZE: 'x' } }

test('a version that starts nowhere leaves every instance down, to the supervisor, until the heal rolls back', async () => {
  const world = createBadDeploy(...targets)
  for (const name of targets) world.runtime.environments.set(name, { OLD: '1' })
  const injected = await deploy.inject(requestOf({ targets, params: badSetting }), world.context)
  const leaves = world.runtime.calls.filter((call) => call.startsWith('leave'))
  expect(leaves).toEqual(['leave api-1', 'leave api-2', 'leave worker-1'])
  expect(targets.map((name) => world.runtime.states.get(name))).toEqual(targets.map(() => 'exited'))
  expect(injected.mechanism).toContain('does not start on api-1, api-2, worker-1')
  expect(world.notes).toEqual(
    targets.map((name) => expect.stringMatching(new RegExp(`${name}.*SIZE: "x" is wrong$`))),
  )
  await injected[Symbol.asyncDispose]()
  expect(targets.map((name) => world.runtime.states.get(name))).toEqual(targets.map(() => 'ready'))
  expect(world.runtime.environments.get('worker-1')).toEqual({ OLD: '1' })
})

test('a rolling deploy stops at the first instance that does not start', async () => {
  const world = createBadDeploy('api-2')
  world.runtime.environments.set('worker-1', { OLD: '1' })
  const params = { ...badSetting, strategy: 'rolling' } as const
  const injected = await deploy.inject(requestOf({ targets, params }), world.context)
  expect(world.runtime.calls.filter((call) => call.includes('worker-1'))).toEqual([])
  expect(world.runtime.environments.get('api-1')).toEqual({ SIZE: 'x' })
  expect(injected.mechanism).toMatch(/does not start on api-2; worker-1 kept/)
  await injected[Symbol.asyncDispose]()
  expect(world.runtime.calls.filter((call) => call.includes('worker-1'))).toEqual([])
  expect(world.runtime.environments.get('api-1')).toEqual({})
})

test('all-at-once stops every instance before the first one starts', async () => {
  const world = createWorld()
  const params = { environment: { FEATURE: 'on' }, strategy: 'all-at-once' } as const
  await deploy.inject(requestOf({ targets, params }), world.context)
  const names = targets.map((name) => `stop ${name}`)
  expect(world.runtime.calls.slice(0, 3)).toEqual(names)
})

test('a version that is not ready in time stays as it is, and the next instance follows', async () => {
  const world = createWorld()
  const clock = createManualClock()
  const { runtime } = world
  const start = runtime.start.bind(runtime)
  runtime.start = async (name, request) => {
    await start(name, request)
    if (name !== 'api-1' || runtime.environments.get(name)?.['SIZE'] !== 'x') return
    await clock.sleep(60_000, request.signal)
  }
  const params = { ...badSetting, readyWithin: '5s' }
  const deploying = deploy.inject(requestOf({ targets, params }), { ...world.context, clock })
  await clock.advance(4_999)
  expect(runtime.calls).not.toContain('stop api-2')
  await clock.advance(1)
  const injected = await deploying
  expect(world.notes).toEqual([expect.stringMatching(/api-1.* 5s$/)])
  expect(runtime.calls).not.toContain('leave api-1')
  expect(runtime.environments.get('worker-1')).toEqual({ SIZE: 'x' })
  await injected[Symbol.asyncDispose]()
  expect(runtime.environments.get('api-1')).toEqual({})
})

test('any other error of a start rolls back at once, and the deploy fails', async () => {
  const world = createWorld()
  world.runtime.broken.add('stop worker-1')
  const injecting = deploy.inject(requestOf({ targets, params: badSetting }), world.context)
  await expect(injecting).rejects.toThrow('stop worker-1')
  expect(world.runtime.environments.get('api-1')).toEqual({})
})
