import { expect, test, vi } from 'vitest'

import { instances, linksFrom } from '#services/topology.ts'

import type { FaultRequest } from '../../contracts/api.ts'
import { createRandom, freshSeed } from '../../lib/random.ts'
import type { Random } from '../../lib/random.ts'
import { useComposeSandbox } from './testing/compose-sandbox.ts'
import { controllerApi } from './testing/controller-api.ts'
import { describeWithDocker } from './testing/docker-available.ts'
import { rulesIn, sidecarsOf } from './testing/leftovers.ts'

const rounds = Number(process.env['UNHAPPY_ROUNDS'] ?? 50)
const seed = Number(process.env['UNHAPPY_SEED'] ?? freshSeed())
/** Faults that live at the same time. */
const width = 3

describeWithDocker(`${rounds} rounds of random faults (seed ${seed})`, () => {
  const sandbox = useComposeSandbox({ slot: 90 })

  test('afterwards nothing is paused, no rule is left, and everything is healthy', async () => {
    const api = await controllerApi(sandbox())
    const random = createRandom(seed)
    for (let round = 0; round < rounds; round += width) {
      const wanted = Math.min(width, rounds - round)
      const requests = Array.from({ length: wanted }, () => randomFault(random))
      // Two faults may want the same instance: the second is then refused or finds it gone, as with people.
      await Promise.allSettled(requests.map(async (request) => await api.inject(request)))
      await vi.waitFor(async () => expect((await api.view()).faults).toEqual([]), {
        timeout: 40_000,
        interval: 100,
      })
    }
    await vi.waitFor(async () => expect((await api.view()).ready).toBe(true), { timeout: 40_000 })
    for (const { name } of instances)
      expect(await rulesIn(sandbox(), name), name).not.toMatch(/DROP/)
    expect(await sidecarsOf(sandbox())).toEqual([])
    await vi.waitFor(async () => expect(await unhealthy()).toEqual([]), {
      timeout: 20_000,
      interval: 500,
    })
  }, 900_000)

  /** Containers that are not up and healthy, as Docker sees it; the job that makes the tables has ended. */
  const unhealthy = async (): Promise<readonly string[]> => {
    const format = '{{.Service}} {{.State}} {{.Health}}'
    const text = await sandbox().compose('ps', '--all', '--format', format)
    return text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('database exited'))
      .filter((line) => !line.endsWith('running healthy'))
  }
})

function randomFault(random: Random): FaultRequest {
  const { name } = random.pick(instances)
  const leaseMs = random.integer(300, 2_500)
  const link = linksFrom(name).length === 0 ? undefined : random.pick(linksFrom(name)).name
  const kinds =
    link === undefined ? ['crash', 'pause'] : ['crash', 'pause', 'partition', 'packet-loss']
  const kind = random.pick(kinds)
  if (kind === 'partition') {
    const direction = random.pick(['both', 'requests', 'replies'])
    return { kind, target: link ?? name, params: { direction }, leaseMs }
  }
  if (kind === 'packet-loss')
    return { kind, target: link ?? name, params: { probability: random.next() }, leaseMs }
  return { kind, target: name, leaseMs }
}
