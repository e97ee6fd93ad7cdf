import { expect, test } from 'vitest'

import { assessRisk } from './assess-risk.ts'

const different = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)}`.padEnd(20, 'x'))

test('many identical lines are suspicious, a few or different ones are not', async () => {
  const same = Array.from({ length: 60 }, (_, i) => `Congratulations, number ${i}`)
  expect(await assessRisk({ id: 'o', lines: same })).toBeGreaterThan(0.9)
  expect(await assessRisk({ id: 'o', lines: same.slice(0, 3) })).toBeLessThan(0.1)
  expect(await assessRisk({ id: 'o', lines: different })).toBeLessThan(0.1)
  expect(await assessRisk({ id: 'o', lines: [] })).toBe(0)
})

test('the event loop runs while it works', async () => {
  let turns = 0
  let working = true
  const count = (): void => {
    turns += 1
    if (working) setImmediate(count)
  }
  setImmediate(count)
  await assessRisk({ id: 'o', lines: different })
  working = false
  expect(turns).toBeGreaterThan(30)
})
