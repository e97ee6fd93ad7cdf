import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { createCodeVersions } from './code-versions.ts'

const judged = { folder: '/project/my-work/x', seams: ['place-order', 'claim-key'] }
const frozen = { folder: '/project/labs/x/before', seams: ['place-order'] }

test('each version of the code has its environment', () => {
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

test("a run without code of its own judges the shop's code and has no frozen code", () => {
  const code = createCodeVersions()
  expect(code.environmentOf('judged')).toEqual({})
  code.set({ judged, frozen })
  code.set({})
  expect(code.environmentOf('judged')).toEqual({})
  expect(() => code.environmentOf('frozen')).toThrow(InputError)
})
