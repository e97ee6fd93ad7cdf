import { expect, test } from 'vitest'

import { definitions, table } from './table.ts'

const columns = [{ title: 'name' }, { title: 'count', align: 'right' as const }, { title: 'note' }]
const rows = [
  ['api-1', '7', 'ready'],
  ['worker-1', '12', 'a note that is rather long for one line'],
]

test('columns are aligned under their titles', () => {
  expect(table(columns, rows, { width: 80 })).toBe(
    [
      'name      count  note',
      'api-1         7  ready',
      'worker-1     12  a note that is rather long for one line',
    ].join('\n'),
  )
})

test('where it is narrow the last column is wrapped', () => {
  expect(table(columns, rows, { width: 44 })).toBe(
    [
      'name      count  note',
      'api-1         7  ready',
      'worker-1     12  a note that is rather long',
      '                 for one line',
    ].join('\n'),
  )
})

test('where it is very narrow every row is a block, and nothing is hidden', () => {
  expect(table(columns, rows.slice(0, 1), { width: 16 })).toBe('name: api-1\ncount: 7\nnote: ready')
})

test('definitions stand beside their terms, and below those that are too long', () => {
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
