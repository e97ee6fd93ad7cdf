import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { Load } from './run/load.ts'
import { createTraffic, type TrafficTools } from './traffic.ts'

const rates = { ordersPerSecond: 5, browsePerSecond: 5, quotesPerSecond: 0, readOrdersPerSecond: 0 }

const nothing: WorkloadResult = {
  operations: [],
  notSent: 0,
  nothingToRead: 0,
  inFlightPeak: 0,
  lagMaxMs: 0,
}

function tools(send: TrafficTools['send'], errors: string[] = []): TrafficTools {
  return {
    system,
    clock: systemClock,
    random: createRandom(1),
    send,
    onError: (message) => errors.push(message),
  }
}

/** A load that ends with its signal. */
async function untilAborted(load: Load): Promise<WorkloadResult> {
  await new Promise<void>((resolve) =>
    load.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  return nothing
}

test('traffic continues until it is stopped; stopping waits for its end', async () => {
  const traffic = createTraffic(tools(untilAborted))
  await traffic.start(rates)
  expect(traffic.rates).toEqual(rates)
  await traffic.stop()
  expect(traffic.rates).toBeNull()
})

test('each piece has a tag of its own', async () => {
  const tags: string[] = []
  const traffic = createTraffic(
    tools(async (load) => {
      tags.push(load.tag)
      return tags.length < 3 ? nothing : await untilAborted(load)
    }),
  )
  await traffic.start(rates)
  await expect.poll(() => tags).toEqual(['t1', 't2', 't3'])
  await traffic.stop()
})

test('new rates replace the old ones', async () => {
  const seen: number[] = []
  const traffic = createTraffic(
    tools(async (load) => {
      seen.push(load.workload.rates['place-order'] ?? 0)
      return await untilAborted(load)
    }),
  )
  await traffic.start(rates)
  await traffic.start({ ...rates, ordersPerSecond: 50 })
  expect(seen).toEqual([5, 50])
  await traffic.stop()
})

test('traffic that fails reports the error and is off', async () => {
  const errors: string[] = []
  const traffic = createTraffic(
    tools(async () => {
      throw new Error('no route')
    }, errors),
  )
  await traffic.start(rates)
  await expect.poll(() => errors).toEqual(['no route'])
  expect(traffic.rates).toBeNull()
})
