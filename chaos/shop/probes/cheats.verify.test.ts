import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { brokenIn, probeFolder } from './testing/probe-code.ts'

/** Wrong fixes that survive the scenario, or that it finds by chance only: a probe finds each of them. */
const cheats: readonly (readonly [lab: string, seam: string, cheat: string])[] = [
  ['contract-drift', 'read-order-message', 'large-means-cents'],
  ['contract-drift', 'read-order-message', 'missing-amount-is-zero'],
  ['contract-drift', 'read-order-message', 'only-version-3-unknown'],
  ['duplicate-delivery', 'record-payment', 'unknown-commit-counts-as-recorded'],
  ['graceful-shutdown', 'shutdown', 'requests-then-jobs'],
  ['half-open', 'database-pool', 'keeps-the-locks'],
  ['half-open', 'database-pool', 'retries-a-lost-query'],
  ['half-open', 'database-pool', 'swaps-the-pool'],
  ['poison-message', 'print-label', 'park-not-awaited'],
  ['stalled-worker', 'assess-risk', 'letter-by-letter'],
  ['stalled-worker', 'assess-risk', 'one-at-a-time'],
  ['stalled-worker', 'assess-risk', 'threads-never-end'],
]

test.each(cheats)('%s: the probes of %s find the cheat %s', async (lab, seam, cheat) => {
  const folder = join(projectRoot, 'labs', 'testing', 'cheats', lab, cheat)
  expect(brokenIn(await probeFolder(folder, [seam]))).not.toEqual([])
})
