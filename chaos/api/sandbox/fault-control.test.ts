import { expect, test } from 'vitest'

import { haltLimitMs } from '#chaos/engine/heal-everything.ts'
import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'

import type { ExclusiveRunControl } from '../runs/run-control.ts'
import { createFaultControl } from './fault-control.ts'

test('a halt does not wait for a run that ends slowly', async () => {
  const { sandbox, clock } = await createFakeSandbox()
  const reasons: string[] = []
  const runs = {
    current: 'run-1',
    abortCurrent: (reason: string) => {
      reasons.push(reason)
      return new Promise<void>(() => {})
    },
  } as ExclusiveRunControl
  const halting = createFaultControl(sandbox, runs).halt()
  await clock.advance(haltLimitMs)
  expect(await halting).toEqual({ undone: [], couldNotUndo: [] })
  expect(reasons).toHaveLength(1)
  await sandbox[Symbol.asyncDispose]()
})
