import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test, vi } from 'vitest'

import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { killAll, patience, startController } from './testing/killable-controller.ts'

/** How many random moments the test tries; `npm run verify` tries 20. */
const rounds = Number(process.env['LEAK_ROUNDS'] ?? 3)
const seed = Number(process.env['LEAK_SEED'] ?? freshSeed())
const random = createRandom(seed)
/** From the first instruction of the controller to some time after everything is ready. */
const momentMaxMs = 2_500
const roundTimeoutMs = 30_000

test.for(Array.from({ length: rounds }, () => random.integer(0, momentMaxMs)))(
  `a controller killed after %i ms leaves nothing (seed ${seed})`,
  { timeout: roundTimeoutMs },
  async (momentMs) => {
    await using controller = startController()
    await sleep(momentMs)
    controller.process.kill('SIGKILL')
    await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
  },
)

test('a controller killed when everything is ready leaves nothing', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  expect((await controller.leftovers()).length).toBeGreaterThan(20)
  controller.process.kill('SIGKILL')
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('on Ctrl-C the controller stops everything and exits with 0', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  controller.interrupt()
  await controller.ended()
  expect(controller.process.exitCode).toBe(0)
  expect(await controller.leftovers()).toEqual([])
})

test('on Ctrl-C during the start the controller stops everything', async () => {
  await using controller = startController()
  await vi.waitFor(async () => expect(await controller.leftovers()).not.toEqual([]), {
    timeout: 5_000,
  })
  controller.interrupt()
  await controller.ended()
  expect(await controller.leftovers()).toEqual([])
})

test('when the keeper is killed, the controller stops everything', async () => {
  await using controller = startController()
  const [, keeperPid] = (await controller.says(/^ready (\d+)/)) ?? []
  process.kill(Number(keeperPid), 'SIGKILL')
  await controller.says(/^lost/)
  await controller.ended()
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('a keeper that is killed during the start ends the controller too', async () => {
  await using controller = startController()
  // Frozen links are never ready, so the controller waits for them.
  const links = await vi.waitFor(async () => await controller.pidOf('links'), {
    ...patience,
    interval: 5,
  })
  process.kill(links, 'SIGSTOP')
  process.kill(await controller.pidOf('keeper'), 'SIGKILL')
  await controller.ended()
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})

test('keeper and controller killed at once leave nothing, and no frozen instance', async () => {
  await using controller = startController()
  await controller.says(/^ready/)
  process.kill(await controller.pidOf('worker-1'), 'SIGSTOP')
  await killAll(controller, ['keeper', 'controller'])
  await vi.waitFor(async () => expect(await controller.leftovers()).toEqual([]), patience)
})
