import { expect, test } from 'vitest'

import { toxicKinds } from '#chaos/proxy/toxics/index.ts'
import { attributeSchemas } from '#chaos/proxy/toxics/lib/toxic-kind.ts'

import { type AnyFault, faults } from '../index.ts'
import { attributeRules, toxicSettings } from './toxic-attributes.ts'

const attributes = new Set(
  toxicKinds.flatMap((kind) => attributeSchemas(kind).map(([name]) => name)),
)
const parameters = new Set(
  (Object.values(faults) as readonly AnyFault[]).flatMap(({ params }) =>
    Object.keys(params.properties),
  ),
)

test.each(Object.entries(attributeRules))(
  'the rule for %s is from a parameter of a fault to an attribute of a toxic',
  (rule, { attribute }) => {
    expect(parameters).toContain(rule.split('.').at(-1))
    expect(attributes).toContain(attribute)
  },
)

test('share and direction are settings of the toxic, and absent parameters are left out', () => {
  const params = { latencyMs: 5, jitterMs: undefined, share: 0.5, direction: 'replies' }
  expect(toxicSettings('latency', params)).toEqual({
    attributes: { latency: 5 },
    toxicity: 0.5,
    direction: 'replies',
  })
})

test('a parameter without a rule keeps its name, in snake case', () => {
  expect(toxicSettings('any', { bytes: 1, afterBytes: 2 }).attributes).toEqual({
    bytes: 1,
    after_bytes: 2,
  })
})

test('a rule may hold for one toxic only, and may convert the unit', () => {
  expect(toxicSettings('packet_loss', { probability: 0.1 }).attributes).toEqual({ loss_rate: 0.1 })
  expect(toxicSettings('corrupt', { probability: 0.1 }).attributes).toEqual({ probability: 0.1 })
  expect(toxicSettings('bandwidth', { rateBytesPerSecond: 20_000 }).attributes).toEqual({
    rate: 20,
  })
})
