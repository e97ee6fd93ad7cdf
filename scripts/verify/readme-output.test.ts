import { expect, test } from 'vitest'

import { outputMismatch } from './readme-output.ts'

const readme = [
  '```',
  ' VIOLATED   2 of 9 orders are lost.',
  '',
  '  ✗ no order is lost: 2 of 9 orders',
  '    are lost.',
  '  ✓ no customer is charged twice: None of 7.',
  '```',
].join('\n')

const lost = { name: 'no-lost-orders', title: 'no order is lost', outcome: 'violated' } as const
const twice = {
  name: 'charged-at-most-once',
  title: 'no customer is charged twice',
  outcome: 'held',
} as const

test('output with other numbers matches', () => {
  expect(outputMismatch(readme, [lost, twice], 'no-lost-orders')).toBeUndefined()
})

test('a missing check, an unknown check and a check with the wrong result are mismatches', () => {
  const stock = { name: 'stock-conserved', title: 'stock adds up', outcome: 'held' } as const
  const mismatch = outputMismatch(readme, [twice, stock], 'charged-at-most-once')
  expect(mismatch).toContain('does not show "stock adds up"')
  expect(mismatch).toContain('shows "✗ no order is lost: 2 of 9 orders are lost."')
  expect(mismatch).toContain('does not show charged-at-most-once as violated')
})

test('a README without a verdict is a mismatch', () => {
  expect(outputMismatch('# Lab', [lost], lost.name)).toBe('README.md shows no verdict')
})

test('what every run judges must be shown only if it is violated', () => {
  const always = { name: 'refusals-are-true', title: 'every refusal is true' }
  const held = [lost, twice, { ...always, outcome: 'held' } as const]
  expect(outputMismatch(readme, held, lost.name)).toBeUndefined()
  const violated = [lost, twice, { ...always, outcome: 'violated' } as const]
  expect(outputMismatch(readme, violated, lost.name)).toContain('every refusal is true')
})
