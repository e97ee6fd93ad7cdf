import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import pLimit from 'p-limit'
import { expect, test } from 'vitest'

import type { Lab } from '#chaos/contracts/lab.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import { labs } from '#labs/index.ts'

import { brokenIn, probeFolder } from './testing/probe-code.ts'

/** The wrong versions of each lab that a contract probe finds. The scenario finds the others. */
const caught: Readonly<Record<string, readonly string[]>> = {
  'lab-zero': ['start', 'near-misses/keep-asking', 'near-misses/swallow-the-error'],
  'slow-dependency': ['start', 'near-misses/one-at-a-time', 'near-misses/shorter-timeout'],
  'retry-storm': ['start', 'near-misses/backoff-only', 'near-misses/long-break'],
  'half-open': [
    'start',
    'near-misses/acquire-timeout',
    'near-misses/idle-listener',
    'near-misses/keepalive',
    'near-misses/no-listener',
    'near-misses/server-limits',
  ],
  'reply-lost': [
    'start',
    'near-misses/another-key',
    'near-misses/no-answer-means-yes',
    'near-misses/not-found-means-no',
    'near-misses/wait-and-look',
  ],
  'trust-no-status': [
    'start',
    'near-misses/check-for-error',
    'near-misses/check-the-shape',
    'near-misses/exactly-201',
    'near-misses/not-a-charge-is-declined',
  ],
  'stalled-worker': [
    'start',
    'near-misses/async-functions',
    'near-misses/first-fifty',
    'near-misses/next-tick',
  ],
  'contract-drift': [
    'start',
    'near-misses/contract-at-once',
    'near-misses/cut-off',
    'near-misses/ignore-the-version',
    'near-misses/new-version',
  ],
  'dual-write': ['start', 'near-misses/enqueue-first', 'near-misses/retry-in-memory'],
  'duplicate-delivery': [
    'start',
    'near-misses/look-first',
    'near-misses/mark-first',
    'near-misses/remember-in-memory',
  ],
  'double-submit': [
    'start',
    'near-misses/catch-the-violation',
    'near-misses/forget-the-body',
    'near-misses/lock-the-row',
  ],
  oversell: ['start', 'near-misses/check-then-decrement', 'near-misses/mutex-in-memory'],
  'zombie-lock': [
    'start',
    'near-misses/keep-renewing',
    'near-misses/longer-lock',
    'near-misses/still-mine',
  ],
  'queue-amnesia': [
    'start',
    'near-misses/at-start-up',
    'near-misses/cancel-the-forgotten',
    'near-misses/only-placed',
  ],
  webhooks: [
    'start',
    'near-misses/acknowledge-first',
    'near-misses/ids-only',
    'near-misses/look-first',
    'near-misses/remember-in-memory',
  ],
  'read-your-writes': [
    'start',
    'near-misses/always-the-primary',
    'near-misses/measured-lag',
    'near-misses/only-if-missing',
    'near-misses/remember-in-memory',
    'near-misses/wait-and-read-again',
  ],
  failover: [
    'start',
    'near-misses/confirm-after-commit',
    'near-misses/look-first',
    'near-misses/wait-a-moment',
  ],
  'poison-message': [
    'start',
    'near-misses/catch-everything',
    'near-misses/ship-without-a-label',
    'near-misses/try-again-later',
  ],
  'health-check-cascade': ['start', 'near-misses/ask-redis-instead', 'near-misses/wait-a-little'],
  overload: ['start', 'near-misses/longer-line', 'near-misses/pool-will-do'],
  'graceful-shutdown': [
    'start',
    'near-misses/close-meanwhile',
    'near-misses/drain-at-once',
    'near-misses/forget-the-jobs',
  ],
  'lock-queue': [
    'start',
    'near-misses/half-an-index',
    'near-misses/one-default',
    'near-misses/one-transaction',
    'near-misses/one-try',
  ],
}

async function versionsOf(lab: Lab): Promise<readonly string[]> {
  const kinds = ['near-misses', 'alternatives'] as const
  const found = await Promise.all(
    kinds.map(async (kind) =>
      (await readdir(join(labFolder(lab), kind))).map((name) => `${kind}/${name}`),
    ),
  )
  return ['start', ...found.flat()].toSorted()
}

test.each(labs)('$id: the contract probes find the listed wrong versions only', async (lab) => {
  const seams = lab.seams.map(({ seam }) => seam)
  const versions = await versionsOf(lab)
  const limit = pLimit(2)
  const broken = await Promise.all(
    versions.map(
      async (version) =>
        await limit(async () => {
          const reports = await probeFolder(join(labFolder(lab), ...version.split('/')), seams)
          return brokenIn(reports).length > 0 ? [version] : []
        }),
    ),
  )
  expect(broken.flat()).toEqual([...(caught[lab.id] ?? [])].toSorted())
})
