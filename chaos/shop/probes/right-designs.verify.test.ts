import { expect, test } from 'vitest'

import { brokenIn, probeCode } from './testing/probe-code.ts'
import { rightApiDesigns } from './testing/right-api-designs.ts'
import { rightCallDesigns } from './testing/right-call-designs.ts'
import { rightDesigns } from './testing/right-designs.ts'
import { rightPoolAndRiskDesigns } from './testing/right-pool-and-risk-designs.ts'
import { rightStoreDesigns } from './testing/right-store-designs.ts'

const designs = [...rightDesigns, ...rightCallDesigns, ...rightPoolAndRiskDesigns]
/** The fakes know every statement of these, so no promise is undecided. */
const decided = [...rightApiDesigns, ...rightStoreDesigns]

test.each(designs)('%s: %s is never violated', async (seam, _design, code) => {
  const reports = await probeCode(code, [seam])
  expect(reports.length).toBeGreaterThan(0)
  expect(brokenIn(reports)).toEqual([])
})

test.each(decided)('%s: %s keeps every promise', async (seam, _design, code) => {
  const reports = await probeCode(code, [seam])
  expect(reports.length).toBeGreaterThan(0)
  expect(reports.filter(({ outcome }) => outcome !== 'held')).toEqual([])
})
