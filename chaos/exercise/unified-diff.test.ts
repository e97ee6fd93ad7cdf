import { expect, test } from 'vitest'

import { unifiedDiff } from './unified-diff.ts'

const diff = (before: string, after: string): string =>
  unifiedDiff({ name: 'start', text: before }, { name: 'shop', text: after })

test('equal texts have no difference', () => {
  expect(diff('a\nb\n', 'a\nb\n')).toBe('')
})

test('a changed line is one removed and one added line, with three lines of context', () => {
  expect(diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n')).toBe(
    [
      '--- start',
      '+++ shop',
      '@@ -2,7 +2,7 @@',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      ' 8',
    ].join('\n'),
  )
})

test('changes far apart are separate hunks, each with its line numbers', () => {
  const before = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`)
  const after = before.with(2, 'changed').toSpliced(25, 1)
  const text = diff(before.join('\n'), after.join('\n'))
  expect(text.match(/^@@.*@@$/gm)).toEqual(['@@ -1,6 +1,6 @@', '@@ -23,7 +23,6 @@'])
})
