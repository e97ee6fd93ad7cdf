import { expect, test } from 'vitest'

import { longLines } from './long-lines.ts'

const text = (columns: number): string =>
  'word '.repeat(columns / 5 + 1).slice(0, columns - 1) + '.'

test('a paragraph on one line may have any length', () => {
  expect(longLines(`${text(500)}\n\n- ${text(300)}\n- ${text(300)}\n`)).toEqual([])
})

test('a paragraph that is wrapped is wrapped at 100 columns', () => {
  expect(longLines(`${text(100)}\n${text(100)}\n`)).toEqual([])
  expect(longLines(`${text(60)}\n${text(101)}\n`)).toEqual([{ offset: 161, columns: 101 }])
})

test('each item of a list is checked separately', () => {
  expect(longLines(`- ${text(300)}\n- ${text(60)}\n  ${text(120)}\n`)).toHaveLength(1)
})

test.each([
  ['a table', `| ${text(120)} |\n| ${text(120)} |\n`],
  ['a fence', `\`\`\`\n${text(120)}\n${text(120)}\n\`\`\`\n`],
  ['an address that has no place to break', `See\nhttps://example.org/${'x'.repeat(120)}\n`],
])('%s may be longer', (_what, page) => {
  expect(longLines(page)).toEqual([])
})
