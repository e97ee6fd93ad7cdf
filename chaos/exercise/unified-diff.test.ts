import { expect, test } from 'vitest'

import { unifiedDiff } from './unified-diff.ts'

const diff = (before: string, after: string): string =>
  unifiedDiff({ name: 'start', text: before }, { name: 'shop', text: after })

test('the same text has no difference', () => {
  expect(diff('a\nb\n', 'a\nb\n')).toBe('')
})

test('a changed line shows as one that goes and one that comes, with the lines around it', () => {
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

test('changes far apart are hunks of their own, each with its place', () => {
  const before = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`)
  const after = before.with(2, 'changed').toSpliced(25, 1)
  const text = diff(before.join('\n'), after.join('\n'))
  expect(text.match(/^@@.*@@$/gm)).toEqual(['@@ -1,6 +1,6 @@', '@@ -23,7 +23,6 @@'])
})
