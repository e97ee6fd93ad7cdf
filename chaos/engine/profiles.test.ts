import { expect, test as base } from 'vitest'

import { resolveTargets } from './targets.ts'
import { createFakeSandbox } from './testing/fake-sandbox.ts'

const test = base.extend('fake', async ({}, { onCleanup }) => {
  const fake = await createFakeSandbox({ profiles: true })
  onCleanup(async () => fake.sandbox[Symbol.asyncDispose]())
  return fake
})

const callbacks = 'payments:api-1'

test('a profile that is off has no part in the topology, and a target on it names the command', ({
  fake,
}) => {
  const { topology } = fake.sandbox.system
  expect(topology.links.map(({ name }) => name)).not.toContain(callbacks)
  expect(() => resolveTargets(topology, 'link', 'payments:api')).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/payments:api-1 .*profile callbacks/),
      remedy: expect.stringContaining('unhappy profile start callbacks'),
    }),
  )
  expect(() => resolveTargets(topology, 'store', 'redis-replica')).toThrow(/redis-replica/)
})

test('a start runs its stores, opens its links and restarts the instances that use them', async ({
  fake,
}) => {
  const { sandbox, links, runtime } = fake
  await sandbox.profiles.hold('postgres-replica', { holder: 'user' })
  expect([...links.opened]).toEqual(['api-1:postgres-replica', 'api-2:postgres-replica'])
  expect(runtime.calls).toEqual(
    expect.arrayContaining(['profile postgres-replica on', 'stop api-1', 'start api-2']),
  )
  expect(runtime.calls).not.toContain('stop worker-1')
  const { topology } = sandbox.system
  expect(topology.stores.map(({ name }) => name)).toContain('postgres-replica')
  expect(resolveTargets(topology, 'link', 'api-*:postgres-replica')).toHaveLength(2)

  await sandbox.profiles.release('postgres-replica', { holder: 'user' })
  expect(links.opened.size).toBe(0)
  expect(runtime.calls).toContain('profile postgres-replica off')
  expect(topology.stores.map(({ name }) => name)).not.toContain('postgres-replica')
})

test('a profile stays on until every holder has released it', async ({ fake }) => {
  const { profiles } = fake.sandbox
  await profiles.hold('callbacks', { holder: 'user' })
  await profiles.hold('callbacks', { holder: 'scenario' })
  await profiles.release('callbacks', { holder: 'user' })
  expect([...fake.links.opened]).toEqual([callbacks])
  await profiles.release('callbacks', { holder: 'scenario' })
  expect([...fake.links.opened]).toEqual([])
})

test('a fault starts a replica without a restart; the instances restart when a user asks for it', async ({
  fake,
}) => {
  const { profiles } = fake.sandbox
  await profiles.hold('postgres-replica', { holder: 'fault f-1', restarts: false })
  expect(fake.runtime.calls).not.toContain('stop api-1')
  await profiles.hold('postgres-replica', { holder: 'user' })
  expect(fake.runtime.calls).toContain('start api-1')
})

test('a profile that does not start leaves nothing', async ({ fake }) => {
  const { sandbox, links, runtime } = fake
  runtime.broken.add('start api-2')
  await expect(sandbox.profiles.hold('postgres-replica', { holder: 'user' })).rejects.toThrow(
    'start api-2',
  )
  expect(links.opened.size).toBe(0)
  expect(runtime.calls).toContain('profile postgres-replica off')
  expect(sandbox.profiles.holders.size).toBe(0)
})

test('the links of a profile open again when the data plane has restarted', async ({ fake }) => {
  const { sandbox, links } = fake
  await sandbox.profiles.hold('callbacks', { holder: 'user' })
  links.restart()
  await expect.poll(() => [...links.opened]).toEqual([callbacks])
})

test('an unknown profile is an error with the nearest name', async ({ fake }) => {
  await expect(fake.sandbox.profiles.hold('callback', { holder: 'user' })).rejects.toThrow(
    /"callback".*callbacks/,
  )
})
