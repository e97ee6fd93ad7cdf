import { expect, test } from 'vitest'

import { outputMismatch } from './readme-output.ts'

const readme = [
  '```',
  ' VIOLATED   2 of 9 orders are lost.',
  '',
  '  ✗ no order is lost: 2 of 9 orders',
  '    are lost.',
  '  ✓ nobody is charged twice: None of 7.',
  '```',
].join('\n')

const lost = { title: 'no order is lost', outcome: 'violated' } as const
const twice = { title: 'nobody is charged twice', outcome: 'held' } as const

test('output that a run would print today is no mismatch, whatever its numbers', () => {
  expect(outputMismatch(readme, [lost, twice])).toBeUndefined()
})

test('a check that came out differently is named, as shown and as it is', () => {
  const mismatch = outputMismatch(readme, [lost, { ...twice, outcome: 'violated' }])
  expect(mismatch).toContain('does not show "✗ nobody is charged twice"')
  expect(mismatch).toContain('shows "✓ nobody is charged twice: None of 7."')
})

test('a README without a verdict is told', () => {
  expect(outputMismatch('# Lab', [lost])).toBe('README.md shows no verdict')
})
