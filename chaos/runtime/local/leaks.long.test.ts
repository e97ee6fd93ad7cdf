import { expect, test, vi } from 'vitest'

import { killAll, patience, startController } from './testing/killable-controller.ts'

// leaks.integration.test.ts has the pair of keeper and controller.
const pairs = [
  ['keeper', 'links'],
  ['keeper', 'watchdog'],
  ['controller', 'links'],
  ['controller', 'watchdog'],
] as const

test.for(pairs)('when %s and %s are killed at once, nothing is left', async (pair) => {
  await using controller = startController()
  await controller.says(/^ready/)
  await killAll(controller, pair)
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('the keeper starts another watchdog when its watchdog dies', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  const first = await controller.pidOf('watchdog')
  process.kill(first, 'SIGKILL')
  await vi.waitFor(async () => expect(await controller.pidOf('watchdog')).not.toBe(first), patience)
  await killAll(controller, ['keeper', 'controller'])
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})
