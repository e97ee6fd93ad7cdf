import { expect, test } from 'vitest'

import { markdownText } from './markdown.ts'
import { createPrinter } from './printer.ts'

const render = (page: string, columns: number, environment = {}): string =>
  markdownText(
    page,
    createPrinter({ columns, write: () => true }, { noColour: false, environment }),
  )

test('marks disappear, and words, code and targets of links stay', () => {
  expect(
    render('## The *fix*\n\n**Wait** for `a b`; see [the page](x.md), [y.md](y.md).', 80),
  ).toBe('The fix\n\nWait for a b; see the page (x.md), y.md.')
})

test('a wrapped paragraph is wrapped again, and a list item is indented', () => {
  const page = 'one two\nthree four five\n\n- six seven\n  eight nine ten\n1. a bc def ghij klmno'
  expect(render(page, 20)).toBe(
    'one two three four\nfive\n\n- six seven eight\n  nine ten\n1. a bc def ghij\n   klmno',
  )
})

test('code keeps its lines, and a star in it marks nothing', () => {
  expect(render('```sh\nx *a* \\\n  b\n```\n\n`api-*` and `b-*`', 20)).toBe(
    '  x *a* \\\n    b\n\napi-* and b-*',
  )
})

test('a table has aligned columns, or one block for each row if it is too wide', () => {
  const table = '| | first | second |\n|---|---|---|\n| `start` | 1 | no |\n| the shop | 20 | yes |'
  expect(render(table, 40)).toBe(
    '          first  second\nstart     1      no\nthe shop  20     yes',
  )
  expect(render(table, 20)).toBe(
    'start\n  first: 1\n  second: no\nthe shop\n  first: 20\n  second: yes',
  )
})

test('a fold is a heading and its text; a row without a cell has no line for it', () => {
  const page = '<details>\n<summary>What `it` does</summary>\n\nIt waits.\n\n</details>\n\nEnd'
  expect(render(page, 40)).toBe('What it does\n\nIt waits.\n\n\nEnd')
  const table = '| | first server | second server |\n|---|---|---|\n| 1 | asks | |\n| 2 | | waits |'
  expect(render(table, 20)).toBe('1\n  first server: asks\n2\n  second server:\n    waits')
})

test('with colours, strong text and headings are bold', () => {
  expect(render('# One\n\n**two**', 80, { FORCE_COLOR: '1' })).toBe(
    '\u001B[1mOne\u001B[22m\n\n\u001B[1mtwo\u001B[22m',
  )
})
