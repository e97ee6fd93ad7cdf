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
  expect(steps.map(({ signature }) => signature)).toEqual([
    ...['POST /entries', 'BEGIN', 'INSERT entries', 'COMMIT'],
    ...['POST /entries', 'BEGIN', 'INSERT entries', 'COMMIT'],
  ])
  const results = Object.fromEntries(cells.map(({ id, result }) => [id, result]))
  expect(results).toMatchObject({
    's03/request-cut': 'ok',
    's03/reply-cut': 'ok',
    's04/request-cut': 'ok',
    's04/reply-cut': 'ok',
    's04/reply-silent': 'ok',
    's04/caller-dies-after': 'ok',
  })
  // The silent connection keeps the row locked until the client has given up.
  expect(['ok', 'ok-rejected']).toContain(results['s03/reply-silent'])
  expect(cells.find(({ id }) => id === 's04/caller-dies-after')?.restarts).toEqual(['diary'])
})
