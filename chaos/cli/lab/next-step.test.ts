import { expect, test } from 'vitest'

import { dueQuestions, nextStep, stepAfterHeld } from './next-step.ts'

const zero = { id: 'lab-zero', state: 'held' } as const

test('the next command starts the first lab that does not hold, or checks it if it was started', () => {
  expect(nextStep([zero, { id: 'oversell', state: 'new' }])).toContain('unhappy lab start oversell')
  expect(
    nextStep([zero, { id: 'oversell', state: 'violated' }, { id: 'dual-write', state: 'new' }]),
  ).toContain('unhappy lab check oversell')
})

test('after all labs the next command is not the first lab again', () => {
  expect(nextStep([zero])).not.toContain('lab-zero')
})

test('after a held verdict the next command is to read what gives the solution away', () => {
  expect(stepAfterHeld('lab-zero')).toContain('unhappy lab after lab-zero')
})

test('only due questions are due, the oldest first', () => {
  const lab = (id: string, state: 'due' | 'waiting', dueAt: string) => ({
    id,
    transfer: { state, dueAt },
  })
  const due = dueQuestions([
    lab('oversell', 'due', '2030-01-09T00:00:00.000Z'),
    lab('webhooks', 'waiting', '2030-01-01T00:00:00.000Z'),
    lab('dual-write', 'due', '2030-01-02T00:00:00.000Z'),
  ])
  expect(due.map(({ id }) => id)).toEqual(['dual-write', 'oversell'])
})
