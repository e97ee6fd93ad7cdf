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
const none: ReadonlySet<string> = new Set()

test('picks the ready instances round-robin', async ({ signal }) => {
  await using balancer = createBalancer({ ...options, signal, probe: async () => true })
  const picked = Array.from({ length: 4 }, () => balancer.pick(none))
  expect(picked.toSorted()).toEqual(['api-1', 'api-1', 'api-2', 'api-2'])
})

test('leaves out an instance whose probe hangs, until the probe succeeds again', async ({
  signal,
}) => {
  let broken = true
  const probe = async (name: string): Promise<boolean> =>
    name === 'api-2' || !broken || (await new Promise<boolean>(() => {}))
  await using balancer = createBalancer({ ...options, signal, probe })
  await expect.poll(() => [...balancer.ready]).toEqual(['api-2'])
  expect([balancer.pick(none), balancer.pick(none)]).toEqual(['api-2', 'api-2'])
  broken = false
  await expect.poll(() => balancer.ready.size).toBe(2)
})

test('picks among all instances when none is ready', async ({ signal }) => {
  await using balancer = createBalancer({ ...options, signal, probe: async () => false })
  await expect.poll(() => balancer.ready.size).toBe(0)
  expect(new Set([balancer.pick(none), balancer.pick(none)]).size).toBe(2)
})

test('avoids the given instances while there is another one', async ({ signal }) => {
  await using balancer = createBalancer({ ...options, signal, probe: async () => true })
  const avoid = new Set(['api-1'])
  expect([balancer.pick(avoid), balancer.pick(avoid)]).toEqual(['api-2', 'api-2'])
  expect(balancer.pick(new Set(['api-1', 'api-2']))).toMatch(/^api-/)
})
