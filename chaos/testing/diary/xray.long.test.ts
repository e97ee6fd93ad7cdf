import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { openXraySandboxes } from '#chaos/xray/open-xray-sandboxes.ts'
import { sweep } from '#chaos/xray/sweep.ts'

import { diary as system } from './diary.ts'

const columns = ['request-cut', 'reply-cut', 'reply-silent', 'caller-dies-after']
// Of the first attempt: INSERT and COMMIT.
const only = new Set(['s03', 's04'].flatMap((step) => columns.map((column) => `${step}/${column}`)))

test('an X-ray with a real Postgres finds nothing bad in clean code', async () => {
  const { signal } = new AbortController()
  const setup = { off: [], signal }
  await using opened = await openXraySandboxes({ system, count: 1, clock: systemClock, setup })
  const { sandboxes } = opened
  const options = { flow: 'write-entry', mode: 'quick', variant: 'clean', only } as const
  const { steps, cells } = await sweep({ ...options, sandboxes, clock: systemClock })
  const signatures = ['POST /entries', 'BEGIN', 'INSERT entries', 'COMMIT']
  expect(steps.map(({ signature }) => signature)).toEqual([...signatures, ...signatures])
  const results = Object.fromEntries(cells.map(({ id, result }) => [id, result]))
  // A busy machine makes some of them slow. That is not bad.
  const good = expect.stringMatching(/^ok/) as string
  expect(results).toMatchObject({
    's03/request-cut': good,
    's03/reply-cut': good,
    's03/reply-silent': good,
    's04/request-cut': good,
    's04/reply-cut': good,
    's04/reply-silent': good,
    's04/caller-dies-after': good,
  })
  expect(cells.find(({ id }) => id === 's04/caller-dies-after')?.restarts).toEqual(['diary'])
})
