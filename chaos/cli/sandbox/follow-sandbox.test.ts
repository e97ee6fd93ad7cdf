import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createPrinter } from '../ui/printer.ts'
import { followSandbox } from './follow-sandbox.ts'
import type { End } from './launch.ts'

/** A sandbox whose controller no longer responds and ends a moment later. */
async function follow(end: End): Promise<{ status: number; stderr: string }> {
  const lines: string[] = []
  const err = createPrinter(
    { write: (text: string) => lines.push(text) },
    { noColour: true, environment: {} },
  )
  const { signal } = new AbortController()
  const status = await followSandbox(
    { err, json: false, signal, clock: systemClock },
    {
      ended: systemClock.sleep(50).then(() => end),
      client: {
        // eslint-disable-next-line require-yield
        async *events() {
          throw new Error('does not respond')
        },
      },
    },
    async () => 0,
  )
  return { status, stderr: lines.join('') }
}

test('a sandbox that another command stops ends `up` with 0, even if it no longer responds', async () => {
  const { status, stderr } = await follow({ inOrder: true, by: 'api' })
  expect(status).toBe(0)
  expect(stderr).toContain('unhappy down')
})

test('a sandbox that ends by itself is an error with its last output', async () => {
  const ended = follow({ inOrder: false, how: 'exit status 3: the keeper was killed' })
  await expect(ended).rejects.toThrow('the keeper was killed')
})
