import { expect, test } from 'vitest'

import { readEnvironment } from './environment.ts'

test('reads the values that are set, and uses defaults for the others', () => {
  const read = readEnvironment({ PORT: '80', EMPTY: ' ', LIST: ' a, b ,,', URL: 'redis://x:1' })
  expect(read.count('PORT', 1)).toBe(80)
  expect(read.count('EMPTY', 7)).toBe(7)
  expect(read.list('LIST')).toEqual(['a', 'b'])
  expect(read.list('NONE')).toEqual([])
  expect(read.optional('EMPTY')).toBeUndefined()
  expect(read.url('URL', ['redis:'])).toBe('redis://x:1')
})

test('an error has the variable, its value and what is valid', () => {
  const read = readEnvironment({ PORT: '8o', POOL: '0', URL: 'http://x', LEVEL: 'loud' })
  expect(() => read.count('PORT', 1)).toThrow(
    'PORT must be a whole number from 0 to 1000000, got "8o".',
  )
  expect(() => read.count('POOL', 10, 1)).toThrow('POOL must be a whole number from 1 to 1000000')
  expect(() => read.url('URL', ['redis:'])).toThrow('URL must be a URL that begins with redis://')
  expect(() => read.oneOf('LEVEL', ['info', 'warn'], 'info')).toThrow('LEVEL must be one of info')
  expect(() => read.text('NONE')).toThrow('NONE is not set, and it has no default.')
})

test('numbers have an upper bound: a longer timer of Node ends at once', () => {
  const read = readEnvironment({ PORT: '65536', POOL: '1000001', WAIT_MS: '2147483648' })
  expect(() => read.count('PORT', 0, 0, 65_535)).toThrow('from 0 to 65535, got "65536"')
  expect(() => read.count('POOL', 10, 1)).toThrow('from 1 to 1000000, got "1000001"')
  expect(() => read.milliseconds('WAIT_MS', 5)).toThrow('from 0 to 2147483647')
})
