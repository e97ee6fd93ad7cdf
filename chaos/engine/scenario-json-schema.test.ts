import { readFileSync } from 'node:fs'

import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { scenarioJsonSchema, scenarioSchemaFile } from './scenario-json-schema.ts'

test('the JSON Schema for editors is that of today (else: node chaos/engine/write-scenario-schema.ts)', () => {
  const written: unknown = JSON.parse(readFileSync(scenarioSchemaFile, 'utf8'))
  expect(written).toEqual(JSON.parse(scenarioJsonSchema()))
})

test('it is valid on its own, and tells a scenario from a mistake', () => {
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
