import { expect, test } from 'vitest'

import { sideBySide, withContext } from './side-by-side.ts'

test('changed lines of one place share rows, and the others are beside themselves', () => {
  expect(sideBySide('a\nb\nc\n', 'a\nB\nB2\nc\n')).toEqual([
    { left: 'a', right: 'a', changed: false },
    { left: 'b', right: 'B', changed: true },
    { left: null, right: 'B2', changed: true },
    { left: 'c', right: 'c', changed: false },
  ])
})

test('rows far from a change are left out', () => {
  const lines = Array.from({ length: 9 }, (_, i) => String(i))
  const rows = sideBySide(lines.join('\n'), lines.with(4, 'new').join('\n'))
  expect(withContext(rows, 1).map((row) => row && row.right)).toEqual([null, '3', 'new', '5', null])
})
