import { expect, test } from 'vitest'

import { flatnessOf } from './flat.ts'

const samples = (megabytesAt: (i: number) => number) =>
  Array.from({ length: 60 }, (_, i) => ({ atS: i * 10, megabytes: megabytesAt(i) }))

test('what goes up and down around one height is flat', () => {
  expect(flatnessOf(samples((i) => 150 + (i % 7)))).toMatchObject({ flat: true })
})

test('what grows without end is not', () => {
  expect(flatnessOf(samples((i) => 150 + i))).toMatchObject({
    flat: false,
    before: 159.5,
    after: 199.5,
  })
})

test('a few looks prove nothing', () => {
  expect(flatnessOf(samples(() => 100).slice(0, 8))).toMatchObject({ flat: false })
})
