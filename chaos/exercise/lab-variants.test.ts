import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'
import { dualWrite } from '#labs/data-correctness/dual-write/lab.ts'

import { checkVariantNames } from './lab-variants.ts'

test.for([
  {},
  { quick: true },
  { variants: ['all'] },
  { variants: ['silent-for-all', 'redis-refuses'], quick: false },
])('a check of dual-write can have %j', async (request) => {
  await expect(checkVariantNames(system, dualWrite, request)).resolves.toBeUndefined()
})

test.for([
  [{ variants: ['redis-refuse'] }, /"redis-refuse".*"redis-refuses"/],
  [{ variants: [''] }, /""/],
  [{ variants: ['redis-refuses'], quick: true }, /quick.*redis-refuses/],
] as const)('a check of dual-write cannot have %j', async ([request, message]) => {
  await expect(checkVariantNames(system, dualWrite, request)).rejects.toThrow(message)
})

test('a lab without variants cannot run some', async () => {
  const lab = { ...dualWrite, id: 'no-such-lab' }
  await expect(checkVariantNames(system, lab, { variants: ['all'] })).rejects.toThrow(
    /no-such-lab.* no /,
  )
  await expect(checkVariantNames(system, lab, {})).resolves.toBeUndefined()
})
