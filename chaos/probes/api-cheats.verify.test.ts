import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from './probe-contracts.ts'

/** Wrong fixes that survive the scenario of a lab about the API, and a probe that finds each of them. */
const cheats: readonly (readonly [lab: string, seam: string, cheat: string, probe: string])[] = [
  ['overload', 'admission', 'lease-on-a-place', 'at most `runningMax` orders run at once'],
  [
    'overload',
    'admission',
    'estimate-never-recovers',
    'after orders of 20 s, orders are admitted again',
  ],
  [
    'overload',
    'admission',
    'two-kinds-of-refusal',
    'every refusal is definite, with 503 and Retry-After, and no order of it has begun',
  ],
  [
    'slow-dependency',
    'quote-order',
    'last-known-methods',
    'a quote is complete only with the methods for its amount, whatever payments does',
  ],
  [
    'slow-dependency',
    'quote-order',
    'price-read-again',
    'the price changes while a quote waits: amount and methods still belong together',
  ],
  [
    'slow-dependency',
    'quote-order',
    'leak-on-missing-product',
    'quotes that fail use up no connections',
  ],
  [
    'health-check-cascade',
    'liveness',
    'longest-pause-ever',
    'alive again after the process did not run for a while',
  ],
]

test.each(cheats)('%s: the probes of %s find the cheat %s', async (lab, seam, cheat, probe) => {
  const folder = join(projectRoot, 'labs', 'testing', 'cheats', lab, cheat)
  const { signal } = new AbortController()
  const reports = await probeContracts({ folder, seams: [seam], signal, limitMs: 30_000 })
  const broken = reports.filter(({ outcome }) => outcome === 'violated').map(({ name }) => name)
  expect(broken).toContain(probe)
})
