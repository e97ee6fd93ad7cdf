import { expect, test } from 'vitest'

import { rowAt, visibleRows } from './visible-rows.ts'

test('2,000 rows of which 20 are in view: the margin more is drawn, the rest is height', () => {
  const rows = visibleRows(2_000, () => 20, { top: 10_000, height: 400, margin: 200 })
  expect(rows).toEqual({ from: 490, to: 530, above: 9_800, below: 29_400 })
})

test('rows of different heights', () => {
  const heights = [10, 100, 10, 10, 50]
  const rows = visibleRows(5, (i) => heights[i] ?? 0, { top: 110, height: 15, margin: 0 })
  expect(rows).toEqual({ from: 2, to: 4, above: 110, below: 50 })
})

test('a list that became shorter than where it was scrolled to draws nothing, and keeps its height', () => {
  expect(visibleRows(3, () => 20, { top: 5_000, height: 400, margin: 0 })).toEqual({
    from: 3,
    to: 3,
    above: 60,
    below: 0,
  })
  expect(visibleRows(0, () => 20, { top: 0, height: 400, margin: 0 })).toEqual({
    from: 0,
    to: 0,
    above: 0,
    below: 0,
  })
})

test('the row at a place, and how much of it is hidden', () => {
  const heights = [10, 100, 10]
  const at = (px: number) => rowAt(3, (i) => heights[i] ?? 0, px)
  expect([at(0), at(10), at(60), at(500)]).toEqual([
    { index: 0, hiddenPx: 0 },
    { index: 1, hiddenPx: 0 },
    { index: 1, hiddenPx: 50 },
    undefined,
  ])
})
