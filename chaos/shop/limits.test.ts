import { expect, test } from 'vitest'

import { resolveTargets } from '#chaos/engine/targets.ts'
import { faultNamed } from '#chaos/faults/index.ts'

import { limits } from './limits.ts'
import { shop } from './shop.ts'

test.each(limits)('$fault: its targets and checks exist, and the reason is a sentence', (limit) => {
  const { target } = faultNamed(limit.fault)
  expect(resolveTargets(shop.topology, target, limit.on ?? '*')).not.toEqual([])
  expect(limit.checks.filter((check) => !Object.hasOwn(shop.checks, check))).toEqual([])
  expect(limit.why).toMatch(/^[A-Z].*\.$/)
})
