import { expect, test } from 'vitest'

import { nextStep } from './next-step.ts'

const zero = { id: 'lab-zero', state: 'held' } as const

test('the first lab that does not hold is next: to be started if it is new, to be checked if it is not', () => {
  expect(nextStep([zero, { id: 'oversell', state: 'new' }])).toBe(
    'Next: unhappy lab start oversell',
  )
  expect(
    nextStep([zero, { id: 'oversell', state: 'violated' }, { id: 'dual-write', state: 'new' }]),
  ).toBe('Next: unhappy lab check oversell')
})

test('whoever is through with all labs is not sent back to the first one', () => {
  expect(nextStep([zero])).not.toContain('lab-zero')
})
