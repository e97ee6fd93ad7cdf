import { expect, test } from 'vitest'

import { findProblem } from '#chaos/engine/scenario/find-problem.ts'

import { clockSkew } from './clock-skew.ts'
import { createWorld, describeFault, requestOf } from './testing/describe-fault.ts'

const example = { params: { offset: '-5m', drift: 0.01 }, targets: ['api-1', 'worker-1'] }

describeFault(clockSkew, example)

test('the clock of each target is behind by the offset, and drifts', async () => {
  const world = createWorld()
  await clockSkew.inject(requestOf(example), world.context)
  expect([...world.runtime.rules]).toEqual([
    'clock api-1 -300000 0.01',
    'clock worker-1 -300000 0.01',
  ])
})

test('neither an offset nor a drift is refused', async () => {
  const refused = clockSkew.inject(requestOf({ ...example, params: {} }), createWorld().context)
  await expect(refused).rejects.toThrow(/offset.*drift/)
})

test('a runtime that cannot change a clock says so', async () => {
  const world = createWorld()
  const { clocks: _, ...runtime } = world.runtime
  expect(clockSkew.support?.(runtime)).toMatchObject({ available: false })
  const refused = clockSkew.inject(requestOf(example), { ...world.context, runtime })
  await expect(refused).rejects.toThrow(/local runtime/)
})

test.for([
  ['-1440m', /^none$/],
  ['1441m', /-1440m to 1440m/],
  ['-1441m', /-1440m to 1440m/],
  ['5 minutes', /5m or -5m/],
] as const)('the offset %s has the problem %s', ([offset, problem]) => {
  const message = findProblem(clockSkew.params, { offset })?.message ?? 'none'
  expect(message).toMatch(problem)
})
