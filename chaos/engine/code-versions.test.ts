import { expect, test } from 'vitest'

import { createCodeVersions } from './code-versions.ts'

const judged = { folder: '/project/my-work/x', seams: ['place-order', 'claim-key'] }
const frozen = { folder: '/project/labs/x/before', seams: ['place-order'] }

test('both versions of a run are settings of an instance', () => {
  const code = createCodeVersions()
  code.set({ judged, frozen })
  expect(code.environmentOf('judged')).toEqual({
    EXERCISE_DIR: '/project/my-work/x',
    EXPECTED_SEAMS: 'place-order,claim-key',
  })
  expect(code.environmentOf('frozen')).toEqual({
    EXERCISE_DIR: '/project/labs/x/before',
    EXPECTED_SEAMS: 'place-order',
  })
})

test("a run without code of its own judges the shop's", () => {
  const code = createCodeVersions()
  expect(code.environmentOf('judged')).toEqual({})
  code.set({ judged, frozen })
  code.set({})
  expect(code.environmentOf('judged')).toEqual({})
  expect(() => code.environmentOf('frozen')).toThrow('There is no frozen code now.')
})
