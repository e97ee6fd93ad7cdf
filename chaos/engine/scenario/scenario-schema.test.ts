import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { scenarioJsonSchema } from './scenario-schema.ts'

test('the JSON Schema for editors compiles, accepts a scenario and rejects an unknown fault', () => {
  const schema = JSON.parse(scenarioJsonSchema()) as object
  const validate = new Ajv({ strict: false }).compile(schema)
  const text = `
title: t
workload: { orders: 1/s, duration: 1s }
method: [{ at: 0s, inject: { pause: { instance: api-1 } } }]
expect: [no-lost-orders, { availability: { of: browse, atLeast: 1 } }]
`
  expect(validate(parse(text))).toBe(true)
  expect(validate(parse(text.replace('pause', 'puase')))).toBe(false)
})
