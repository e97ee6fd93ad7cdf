import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from './probe-contracts.ts'

/** Wrong fixes of the labs about data. The scenario finds them by chance only: a probe finds each of them. */
const cheats: readonly (readonly [lab: string, seam: string, cheat: string])[] = [
  ['contract-drift', 'read-order-message', 'large-means-cents'],
  ['contract-drift', 'read-order-message', 'missing-amount-is-zero'],
  ['contract-drift', 'read-order-message', 'only-version-3-unknown'],
  ['dual-write', 'place-order', 'in-sequence'],
  ['dual-write', 'place-order', 'one-message-per-request'],
  ['dual-write', 'place-order', 'outbox-error-falls-back'],
  ['duplicate-delivery', 'record-payment', 'count-after-insert'],
  ['duplicate-delivery', 'record-payment', 'session-lock'],
  ['duplicate-delivery', 'record-payment', 'unknown-commit-counts-as-recorded'],
  ['double-submit', 'claim-key', 'claim-committed-first'],
  ['double-submit', 'claim-key', 'lock-per-body'],
  ['double-submit', 'claim-key', 'session-lock-kept'],
  ['oversell', 'reserve-stock', 'lock-only-here'],
  ['oversell', 'reserve-stock', 'taken-remembered-on-retry'],
  ['oversell', 'reserve-stock', 'three-tries-then-sold-out'],
  ['zombie-lock', 'publish-prices', 'compares-with-later-read'],
  ['zombie-lock', 'publish-prices', 'guard-in-subquery'],
  ['zombie-lock', 'publish-prices', 'heartbeat-never-stops'],
  ['queue-amnesia', 'reconcile', 'row-lock-leak'],
  ['queue-amnesia', 'reconcile', 'same-five'],
  ['queue-amnesia', 'reconcile', 'window'],
]

test.each(cheats)('%s: the probes of %s find the cheat %s', async (lab, seam, cheat) => {
  const folder = join(projectRoot, 'labs', 'testing', 'cheats', lab, cheat)
  const { signal } = new AbortController()
  const reports = await probeContracts({ folder, seams: [seam], signal, limitMs: 30_000 })
  expect(reports.filter(({ outcome }) => outcome === 'violated')).not.toEqual([])
})
