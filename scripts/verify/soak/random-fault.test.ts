import { expect, test } from 'vitest'

import { withAllProfiles } from '#chaos/contracts/topology.ts'
import { planFault } from '#chaos/engine/plan-fault.ts'
import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { randomFault, targetsOf } from './random-fault.ts'

const topology = withAllProfiles(system.topology)
const all = Object.values(faults) as readonly AnyFault[]
const many = (fault: AnyFault, seed = 7) => {
  const random = createRandom(seed)
  return Array.from({ length: 200 }, () => randomFault(fault, topology, random))
}

test.each(all)('every random $kind is valid', (fault) => {
  for (const request of many(fault)) {
    const planned = planFault({ ...request, by: 'scenario' }, 'f-1', {
      clock: systemClock,
      topology,
    })
    expect(planned.targets).toHaveLength(1)
  }
})

test('the same seed gives the same faults, and another seed gives others', () => {
  const of = (seed: number) => all.map((fault) => many(fault, seed))
  expect(of(1)).toEqual(of(1))
  expect(of(1)).not.toEqual(of(2))
})

test.each(all)('$kind reaches every target that fits', (fault) => {
  const requests = many(fault)
  const targets = new Set(requests.map(({ target }) => target))
  expect([...targets].toSorted()).toEqual(targetsOf(fault, topology).toSorted())
})

test.each(all.filter(({ params }) => Object.values(params.properties).some(isVaried)))(
  'the parameters of $kind vary',
  (fault) => {
    const shapes = new Set(many(fault).map(({ params }) => JSON.stringify(params)))
    expect(shapes.size).toBeGreaterThan(1)
  },
)

function isVaried(schema: object): boolean {
  return 'minimum' in schema || 'enum' in schema || ('type' in schema && schema.type === 'boolean')
}

test('a fault that chooses requests hits links with HTTP only, another one hits every link', () => {
  const links = (protocol?: string) =>
    topology.links.filter((link) => protocol === undefined || link.protocol === protocol).length
  expect(targetsOf(faults['http-error'] as AnyFault, topology)).toHaveLength(links('http'))
  expect(targetsOf(faults.latency as AnyFault, topology)).toHaveLength(links())
})
