import { expect, test } from 'vitest'

import { scenarioLanguage } from '#chaos/engine/scenario/scenario-schema.ts'
import { faults } from '#chaos/faults/index.ts'
import { bodySchemas } from '#chaos/proxy/http/body-schemas.ts'
import { toxicKinds } from '#chaos/proxy/toxics/index.ts'
import { checks } from '#chaos/shop/checks/index.ts'
import { system } from '#chaos/system.ts'

import { createFakeController } from '../testing/fake-controller.ts'
import { createApp } from './app.ts'
import { localHosts } from './guard-requests.ts'

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly pattern?: string
  readonly maxLength?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly durationAtMost?: string
  readonly rateAtMost?: string
  readonly additionalProperties?: boolean | Schema
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly [keyword: string]: unknown
}

/** Places without a bound, and why they need none. */
const exceptions: Readonly<Record<string, string>> = {
  'scenario.properties.expect.items.if maxLength':
    'a condition: it selects a schema, and that one has the bound',
}

/** The places of a schema that accept a value of any size. */
function unbounded(schema: Schema, place: string): string[] {
  const lacks: string[] = []
  if (schema.enum === undefined && schema.const === undefined) {
    if (schema.type === 'number' || schema.type === 'integer') {
      if (schema.minimum === undefined && schema.exclusiveMinimum === undefined)
        lacks.push('minimum')
      if (schema.maximum === undefined && schema.exclusiveMaximum === undefined)
        lacks.push('maximum')
    }
    if (schema.type === 'string') {
      if (schema.maxLength === undefined) lacks.push('maxLength')
      if (schema.pattern?.includes('(ms|s|m)') && schema.durationAtMost === undefined)
        lacks.push('durationAtMost')
      if (schema.pattern?.includes('/(s|m)') && schema.rateAtMost === undefined)
        lacks.push('rateAtMost')
    }
    if (schema.type === 'array' && schema.maxItems === undefined) lacks.push('maxItems')
    const open = schema.patternProperties !== undefined || isSchema(schema.additionalProperties)
    if (schema.type === 'object' && open && schema.maxProperties === undefined)
      lacks.push('maxProperties')
  }
  return [
    ...lacks.map((keyword) => `${place} ${keyword}`),
    ...Object.entries(schema).flatMap(([keyword, value]) => within(value, `${place}.${keyword}`)),
  ]
}

function within(value: unknown, place: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown, i) => within(one, `${place}[${i}]`))
  if (!isSchema(value)) return []
  return unbounded(value, place)
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function without(places: readonly string[]): string[] {
  return places.filter((place) => exceptions[place] === undefined)
}

test('the walker finds each kind of missing bound', () => {
  const schema = {
    type: 'object',
    patternProperties: { '.*': { type: 'number', minimum: 0 } },
    properties: {
      a: { type: 'string' },
      b: { type: 'array', items: { type: 'integer', maximum: 1 } },
      c: { type: 'string', maxLength: 9, pattern: '^[0-9]+(ms|s|m)$' },
    },
  }
  expect(unbounded(schema, 'x')).toEqual([
    'x maxProperties',
    'x.patternProperties..* maximum',
    'x.properties.a maxLength',
    'x.properties.b maxItems',
    'x.properties.b.items minimum',
    'x.properties.c durationAtMost',
  ])
})

test('every value of a scenario file has a bound', () => {
  expect(without(unbounded(scenarioLanguage(system).schema as Schema, 'scenario'))).toEqual([])
})

test('every parameter of a fault and of a check has a bound', () => {
  const params = [
    ...Object.values(faults).map(({ kind, params }) => [kind, params] as const),
    ...Object.values(checks).map(({ name, params }) => [name, params] as const),
  ]
  expect(params.length).toBeGreaterThan(40)
  expect(
    without(params.flatMap(([name, schema]) => unbounded(schema as unknown as Schema, name))),
  ).toEqual([])
})

test('every attribute of a toxic, and every field of the links API, has a bound', () => {
  const found = [
    ...toxicKinds.flatMap(({ type, attributes }) =>
      unbounded(attributes as unknown as Schema, type),
    ),
    ...Object.entries(bodySchemas).flatMap(([name, body]) => unbounded(body as Schema, name)),
  ]
  expect(without(found)).toEqual([])
})

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: unknown
}

test('every value that a request of the API gives has a bound', async () => {
  const app = await createApp({
    controller: createFakeController(),
    token: 'secret',
    hosts: localHosts,
    version: '1',
    dashboardFolder: '/nowhere',
  })
  const { paths = {} } = app.swagger() as unknown as {
    readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }
  await app.close()
  const found: string[] = []
  let [parameters, bodies] = [0, 0]
  // Responses are output: users do not give them.
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      const place = `${method} ${path}`
      for (const { name, schema } of operation.parameters ?? []) {
        parameters++
        found.push(...unbounded(schema, `${place} ${name}`))
      }
      if (operation.requestBody === undefined) continue
      bodies++
      found.push(...within(operation.requestBody, `${place} body`))
    }
  expect([parameters, bodies]).toEqual([expect.any(Number), expect.any(Number)])
  expect(parameters).toBeGreaterThan(20)
  expect(bodies).toBeGreaterThan(8)
  expect(without(found)).toEqual([])
})
