import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createBalancer } from './balancer.ts'

const options = {
  instances: ['api-1', 'api-2'],
  clock: systemClock,
  onlyReady: true,
  probeIntervalMs: 5,
  probeTimeoutMs: 50,
}
const nobody: ReadonlySet<string> = new Set()

test('takes turns among the ready instances', async ({ signal }) => {
  await using balancer = createBalancer({ ...options, signal, probe: async () => true })
  const picked = Array.from({ length: 4 }, () => balancer.pick(nobody))
  expect(picked.toSorted()).toEqual(['api-1', 'api-1', 'api-2', 'api-2'])
})

test('leaves out an instance whose probe says no or hangs, and takes it back', async ({
  signal,
}) => {
  let broken = true
  const probe = async (name: string): Promise<boolean> =>
    name === 'api-2' || !broken || (await new Promise<boolean>(() => {}))
  await using balancer = createBalancer({ ...options, signal, probe })
  await expect.poll(() => [...balancer.ready]).toEqual(['api-2'])
  expect([balancer.pick(nobody), balancer.pick(nobody)]).toEqual(['api-2', 'api-2'])
  broken = false
  await expect.poll(() => balancer.ready.size).toBe(2)
})

test('tries all of them when none is ready', async ({ signal }) => {
  await using balancer = createBalancer({ ...options, signal, probe: async () => false })
  await expect.poll(() => balancer.ready.size).toBe(0)
  expect(new Set([balancer.pick(nobody), balancer.pick(nobody)]).size).toBe(2)
})

test('avoids what has just failed while there is another', async ({ signal }) => {
  await using balancer = createBalancer({ ...options, signal, probe: async () => true })
  const avoid = new Set(['api-1'])
  expect([balancer.pick(avoid), balancer.pick(avoid)]).toEqual(['api-2', 'api-2'])
  expect(balancer.pick(new Set(['api-1', 'api-2']))).toMatch(/^api-/)
})
