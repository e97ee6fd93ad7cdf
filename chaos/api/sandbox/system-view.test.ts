import { expect, test } from 'vitest'

import { truthOf } from '#chaos/contracts/system.ts'
import { system } from '#chaos/system.ts'

import { viewSystem } from './system-view.ts'

test('without figures of its own, a system has one for each counter of its truth', () => {
  const { page: _, ...undescribed } = system
  const { figures } = viewSystem(undescribed).page
  expect(figures.flatMap(({ counters }) => counters)).toEqual(
    truthOf(system).counters.map(({ name }) => name),
  )
  expect(figures).toContainEqual({ text: 'paid', counters: ['paid'], role: 'agrees' })
  expect(figures).toContainEqual({ text: 'waiting jobs', counters: ['queueWaiting'], role: 'work' })
  expect(figures).toContainEqual({ text: 'orders', counters: ['orders'] })
})
