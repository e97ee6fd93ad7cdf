import { expect, test } from 'vitest'

import { parseFlowFile } from './parse-flow-file.ts'

const request = 'requests: [{ send: POST /orders, body: { key: "{{id}}" } }]\n'

test('a file of one line is complete', () => {
  expect(parseFlowFile(request, 'a.flow.yaml').requests).toHaveLength(1)
})

test.each([
  [`${request}setle: 5s`, /a\.flow\.yaml:2: Unknown key "setle"\. Did you mean "settle"/],
  [`${request}settle: soon`, /a\.flow\.yaml:2: settle must be a duration.*soon/],
  [
    'requests: [{ send: orders }]',
    /a\.flow\.yaml:1: requests\[0\]\.send must be a method and a path/,
  ],
  ['requests: [{ send: POST /orders }]', /contains no \{\{id\}\}/],
  ['requests: [{ send: POST /orders }] # {{id}}', /contains no \{\{id\}\}/],
  ['requests: [{ send: POST /orders, body: { key: {{id}} } }]', /has \{\{id\}\} without quotes/],
  ['requests:\n  - send: POST /orders\n    body:\n      url: {{id}}/x', /a\.flow\.yaml:4/],
  [`${request}expect: [{ equals: 1 }]`, /a\.flow\.yaml:2: expect\[0\] must have exactly one of/],
])('%j names file, line and value', (text, message) => {
  expect(() => parseFlowFile(text, 'a.flow.yaml')).toThrow(message)
})
