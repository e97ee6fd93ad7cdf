import { expect, test } from 'vitest'

import { truncate, widthOf, wrap } from './wrap.ts'

test('a text breaks at spaces, and later lines are indented', () => {
  expect(wrap('  ✗ one two three four', 14, 4)).toBe('  ✗ one two\n      three\n      four')
})

test('colours have no width', () => {
  expect(widthOf('\u001B[31mred\u001B[39m')).toBe(3)
  expect(wrap('\u001B[31maa bb\u001B[39m cc', 8)).toBe('\u001B[31maa bb\u001B[39m cc')
})

test('a word that is too long stays whole', () => {
  expect(wrap('see http://127.0.0.1:20000/api/openapi.json there', 10)).toBe(
    'see\nhttp://127.0.0.1:20000/api/openapi.json\nthere',
  )
})

test('spaces between words are kept', () => {
  expect(wrap('expected  an answer', 40)).toBe('expected  an answer')
})

test('a cut text ends with an ellipsis', () => {
  expect(truncate('abcdef', 4)).toBe('abc…')
  expect(truncate('abcd', 4)).toBe('abcd')
})

test('wide characters take two columns, signs of the CLI one', () => {
  expect(widthOf('田中')).toBe(4)
  expect(widthOf('☕')).toBe(2)
  for (const sign of '✓✗→←…∅│▶╌') expect({ sign, width: widthOf(sign) }).toEqual({ sign, width: 1 })
  expect(truncate('田中さん', 5)).toBe('田中…')
})
