import { expect, test } from 'vitest'

import { definitions, textTable } from './text-table.ts'

const columns = [{ title: 'name' }, { title: 'count', align: 'right' as const }, { title: 'note' }]
const rows = [
  ['api-1', '7', 'ready'],
  ['worker-1', '12', 'a note that is rather long for one line'],
]

test('columns are aligned under their titles', () => {
  expect(textTable(columns, rows, { width: 80 })).toBe(
    [
      'name      count  note',
      'api-1         7  ready',
      'worker-1     12  a note that is rather long for one line',
    ].join('\n'),
  )
})

test('the last column is wrapped in a narrow terminal', () => {
  expect(textTable(columns, rows, { width: 44 })).toBe(
    [
      'name      count  note',
      'api-1         7  ready',
      'worker-1     12  a note that is rather long',
      '                 for one line',
    ].join('\n'),
  )
})

test('each row is a block in a very narrow terminal, with every value', () => {
  expect(textTable(columns, rows.slice(0, 1), { width: 16 })).toBe(
    'name: api-1\ncount: 7\nnote: ready',
  )
})

test('a meaning is next to its term, or below a long one', () => {
  const pairs = [
    ['--json', 'As JSON.'],
    ['--direction both|requests|replies', 'What it touches.'],
  ] as const
  expect(definitions(pairs, { width: 60, indent: 2 })).toBe(
    ['  --json  As JSON.', '  --direction both|requests|replies', '      What it touches.'].join(
      '\n',
    ),
  )
})
