import { expect, test } from 'vitest'

import { createProseCheck } from './check.ts'

const check = createProseCheck()

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ')

function sentences(page: string): readonly string[] {
  const found = check('page.md', page).filter(({ rule }) => rule === 'sentence')
  return found.map(({ line, column, found: text }) => `${line}:${column} ${text}`)
}

test('a sentence may have 35 words', () => {
  expect(sentences(`It has ${words(33)}.\n`)).toEqual([])
  expect(sentences(`Short. It has ${words(34)}.\n`)).toEqual([
    '1:8 It has word word word word … (36 words)',
  ])
})

test('the dot of a name, an abbreviation or a decimal does not end a sentence', () => {
  const page = `It is \`a.b\`, e.g. version 1.5 of api-1.log, ${words(28)}.\n`
  expect(sentences(page)).toEqual(['1:1 It is … e.g. version 1.5 … (36 words)'])
})

test.each([
  ['lines of a paragraph are one sentence', `${words(20)}\n${words(20)}.\n`, 1],
  ['items of a list are not', `- ${words(20)}\n- ${words(20)}\n`, 0],
  ['a title is not part of the text below', `# ${words(20)}\n${words(20)}.\n`, 0],
  ['each cell of a table is separate', `| ${words(20)} | ${words(20)} |\n`, 0],
  ['a cell can be too long', `| ${words(20)} | ${words(40)} |\n`, 1],
  ['code is not counted', `\`\`\`\n${words(50)}\n\`\`\`\n`, 0],
  ['code in a line is one word', `It runs \`${words(50)}\`.\n`, 0],
  [
    'an address is not a word',
    `[one](https://example.org/${words(50).replaceAll(' ', '/')}).\n`,
    0,
  ],
])('%s', (_what, page, expected) => {
  expect(sentences(page)).toHaveLength(expected)
})

test('only Markdown is measured', () => {
  expect(check('a.ts', `// ${words(60)}.\n`)).toEqual([])
})
