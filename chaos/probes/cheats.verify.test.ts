import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from './probe-contracts.ts'

/** Wrong fixes that survive the scenario, or that it finds by chance only: a probe finds each of them. */
const cheats: readonly (readonly [lab: string, seam: string, cheat: string])[] = [
  ['lab-zero', 'read-product', 'copy-of-a-copy'],
  ['lab-zero', 'read-product', 'fresh-joins-a-flight'],
  ['lab-zero', 'read-product', 'write-awaited'],
  ['retry-storm', 'ask-payments', 'attempt-not-aborted'],
  ['retry-storm', 'ask-payments', 'counter-never-reset'],
  ['retry-storm', 'ask-payments', 'deadline-before-attempt'],
  ['reply-lost', 'charge-order', 'declines-after-five-silences'],
  ['reply-lost', 'charge-order', 'key-per-worker'],
  ['reply-lost', 'charge-order', 'new-key-after-overload'],
  ['graceful-shutdown', 'shutdown', 'grace-from-sigterm'],
  ['graceful-shutdown', 'shutdown', 'close-not-awaited'],
  ['graceful-shutdown', 'shutdown', 'requests-then-jobs'],
  ['poison-message', 'print-label', 'chain-stays-broken'],
  ['poison-message', 'print-label', 'park-not-awaited'],
  ['poison-message', 'print-label', 'matches-the-message'],
  ['health-check-cascade', 'liveness', 'leaks-a-connection'],
  ['health-check-cascade', 'liveness', 'floating-ping'],
  ['health-check-cascade', 'liveness', 'pool-queue'],
  ['half-open', 'database-pool', 'keeps-the-locks'],
  ['half-open', 'database-pool', 'retries-a-lost-query'],
  ['half-open', 'database-pool', 'swaps-the-pool'],
  ['stalled-worker', 'assess-risk', 'letter-by-letter'],
  ['stalled-worker', 'assess-risk', 'one-at-a-time'],
  ['stalled-worker', 'assess-risk', 'threads-never-end'],
]

test.each(cheats)('%s: the probes of %s find the cheat %s', async (lab, seam, cheat) => {
  const folder = join(projectRoot, 'labs', 'testing', 'cheats', lab, cheat)
  const { signal } = new AbortController()
  const reports = await probeContracts({ folder, seams: [seam], signal, limitMs: 30_000 })
  expect(reports.filter(({ outcome }) => outcome === 'violated')).not.toEqual([])
})
