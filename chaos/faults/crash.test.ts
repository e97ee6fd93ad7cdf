import { expect, test } from 'vitest'

import { crash } from './crash.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { downFor: '1s' }, targets: ['api-1', 'worker-1'] }

describeFault(crash, example)

test('a crash kills the instances, and ends by itself after downFor', async () => {
  const world = createWorld()
  const injected = await crash.inject(requestOf(example), world.context)
  expect(world.runtime.calls).toEqual(['kill api-1', 'kill worker-1'])
  expect(injected.lastsMs).toBe(1_000)
})

test('when one instance does not start again, the others still do', async () => {
  const world = createWorld()
  const injected = await crash.inject(requestOf(example), world.context)
  world.runtime.broken.add('start worker-1')
  await expect(injected[Symbol.asyncDispose]()).rejects.toThrow('start worker-1')
  expect(world.runtime.states.get('api-1')).toBe('ready')
})
