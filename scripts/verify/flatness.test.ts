import { expect, test } from 'vitest'

import { flatnessOf } from './flatness.ts'

const samples = (megabytesAt: (i: number) => number) =>
  Array.from({ length: 60 }, (_, i) => ({ atS: i * 10, megabytes: megabytesAt(i) }))

test('memory that rises and falls around one value is flat', () => {
  expect(flatnessOf(samples((i) => 150 + (i % 7)))).toMatchObject({ flat: true })
})

test('memory that keeps growing is not flat', () => {
  expect(flatnessOf(samples((i) => 150 + i))).toMatchObject({
    flat: false,
    before: 159.5,
    after: 199.5,
  })
})

test('too few samples are not flat', () => {
  expect(flatnessOf(samples(() => 100).slice(0, 8))).toMatchObject({ flat: false })
})
