import { expect, test, vi } from 'vitest'

import { findLeftBehind } from './left-behind.ts'
import { killAll, patience, startController } from './testing/killable-controller.ts'
import { startTinyRuntime } from './testing/start-tiny-runtime.ts'

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

test('when controller, keeper and watchdog are killed at once, the next start cleans up', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  await killAll(controller, ['watchdog', 'keeper', 'controller'])
  await controller.ended()
  const [left] = (await findLeftBehind()).filter(({ slot }) => slot === controller.slot)
  expect(left).toMatchObject({ decided: true })
  expect(left?.processes).toBeGreaterThan(7)
  expect(left?.ports.length).toBeGreaterThan(20)
  await using runtime = await startTinyRuntime({ slot: controller.slot + 1 })
  expect((await runtime.cleanUp()).join()).toMatch(/sandboxes\/\d+-\d+-/)
  expect(await controller.leftovers()).toEqual([])
})
