import { expect, test } from 'vitest'

import { formatDuration, parseDuration } from './duration.ts'
import { InputError } from './errors.ts'

test.each([
  ['250ms', 250],
  ['1.5s', 1_500],
  ['2m', 120_000],
])('%s is %i milliseconds, and back again', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
  expect(formatDuration(milliseconds)).toBe(text)
})

test.each(['', '5', '-1s', '1 hour', '1e3ms'])('"%s" is not a duration', (text) => {
  expect(() => parseDuration(text)).toThrow(`"${text}"`)
  expect(() => parseDuration(text)).toThrow(InputError)
})
