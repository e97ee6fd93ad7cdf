import { expect, test } from 'vitest'

import { wildcardPattern } from './wildcard-pattern.ts'

test('a pattern that is longer than any name matches nothing', () => {
  expect(wildcardPattern('x'.repeat(70_000)).test('x'.repeat(70_000))).toBe(false)
})

test.each([
  ['api-*:redis', 'api-2:redis', true],
  ['api-*', 'worker-1', false],
  ['api-1', 'api-12', false],
  ['api.1', 'api-1', false],
  ['*', 'two\nlines', true],
  ['commit', 'COMMIT', false],
])('%s on %j matches: %s', (pattern, text, matches) => {
  expect(wildcardPattern(pattern).test(text)).toBe(matches)
})

test('upper and lower case can be the same', () => {
  expect(wildcardPattern('post *', { ignoreCase: true }).test('POST /orders')).toBe(true)
})
