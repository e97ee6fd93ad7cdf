import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { parseScenario } from './parse-scenario.ts'
import { scenarioJsonSchema } from './scenario-schema.ts'

test('the JSON Schema for editors compiles, accepts a scenario and rejects an unknown fault', () => {
  const schema = JSON.parse(scenarioJsonSchema(system)) as object
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

const small = 'title: t\nexpect: [no-lost-orders]\nworkload: { orders: RATE, duration: TIME }\n'
const withLoad = (rate: string, time: string): string =>
  small.replace('RATE', rate).replace('TIME', time)

test.each([
  ['a rate', withLoad('1000000/s', '5s'), /1000\/s.*1000000\/s/],
  ['a duration', withLoad('1/s', '99m'), /10m.*99m/],
  ['the number of operations', withLoad('1000/s', '10m'), /600000.*100000/],
  ['a text', `${withLoad('1/s', '5s')}description: ${'x'.repeat(10_001)}\n`, /10000 characters/],
  ['a list', `${withLoad('1/s', '5s')}method: [${'{},'.repeat(1_001)}]\n`, /1000 entries/],
  ['nesting in brackets', '['.repeat(50_000), /100 levels/],
  ['nesting in lines', '- '.repeat(50_000), /100 levels/],
  ['the length of the file', 'x'.repeat(256_001), /256001.*256000/],
])(
  '%s beyond its bound is an error with the bound, the value and a remedy',
  (_what, text, message) => {
    const error = errorOf(() => parseScenario(text, { file: 'a.yaml', system }))
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({
      message: expect.stringMatching(message) as string,
      remedy: expect.any(String) as string,
    })
    expect((error as Error).message.length).toBeLessThan(400)
  },
)

test.each(['A B', '1A', 'A=B', ''])('%j is not a name of an environment variable', (name) => {
  const shop = `shop: { environment: { api: { ${JSON.stringify(name)}: x } } }\n`
  expect(() =>
    parseScenario(`${withLoad('1/s', '5s')}${shop}`, { file: 'a.yaml', system }),
  ).toThrow(/letters, digits/)
})

test('an environment variable has no NUL', () => {
  const shop = 'shop: { environment: { api: { A: "a\\0b" } } }\n'
  expect(() =>
    parseScenario(`${withLoad('1/s', '5s')}${shop}`, { file: 'a.yaml', system }),
  ).toThrow(/NUL/)
})

function errorOf(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
