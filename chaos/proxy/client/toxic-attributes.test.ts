import { expect, test } from 'vitest'

import { toxicKinds } from '../toxics/index.ts'
import { attributeSchemas } from '../toxics/lib/toxic-kind.ts'
import { parseAttributes, toxicHelp } from './toxic-attributes.ts'

test('an attribute gets the type of its schema', () => {
  const given = ['latency=40', 'distribution=normal', 'delay_close=true']
  expect(parseAttributes('latency', given)).toEqual({
    latency: 40,
    distribution: 'normal',
    delay_close: true,
  })
})

test.each([
  ['latency', 'latency', /"latency"/],
  ['latency', 'latencyMs=1', /"latencyMs"/],
  ['latency', 'latency=soon', /latency.*whole number.*"soon"/],
  ['latency', 'delay_close=1', /delay_close.*true or false.*"1"/],
  ['latncy', 'latency=1', /"latncy".*"latency"/],
])('%s %s is an error that names the value', (type, attribute, message) => {
  expect(() => parseAttributes(type, [attribute])).toThrow(message)
})

test('the help names every toxic, and every attribute with its range and default', () => {
  for (const kind of toxicKinds) {
    expect(toxicHelp()).toContain(kind.type)
    for (const [name, schema] of attributeSchemas(kind)) {
      const line = toxicHelp(kind.type)
        .split('\n')
        .find((one) => one.startsWith(`  ${name}  `))
      const { minimum = '', default: standard } = schema
      expect(line).toContain(`${minimum}`)
      expect(line).toContain(standard === undefined ? '' : `Default ${standard}.`)
    }
  }
})
