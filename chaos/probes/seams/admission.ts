import type { Admission, Door } from '#services/api/seams.ts'

import type { CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'
import { createFakePool } from '../fakes/fake-pool.ts'

/** As the lab's API has them. */
const limits = { runningMax: 3, waitingMax: 6, waitMaxMs: 500 }
const workMs = 700
const goal =
  'When three times as many orders arrive as the API can process, it still completes as many in time as before, and refuses the others quickly.'

export const admissionContract: SeamContract<Admission> = {
  lab: 'overload',
  time: 'jumping',
  probes: [
    {
      name: 'one order at a time is never refused',
      promise: goal,
      async run(tools) {
        const door = (await tools.load())(limits)
        for (let i = 0; i < 50; i++) {
          const end = await tools.call(async () => await door.enter(() => work(tools, i)), 5_000)
          if (end.how !== 'returned' || end.value !== i)
            return {
              expected: 'an order that is alone succeeds',
              actual: `order ${i + 1} of 50, one after the other, ${end.how === 'never' ? 'did not end' : 'failed'}`,
            }
        }
        return undefined
      },
    },
    {
      name: 'an order that fails gives its place back',
      promise: goal,
      async run(tools) {
        const door = (await tools.load())(limits)
        const failure = new Error('The order cannot be placed.')
        for (let i = 0; i < 20; i++)
          await tools.call(async () => await door.enter(() => Promise.reject(failure)), 5_000)
        for (let second = 1; second <= 60; second++) {
          const end = await tools.call(async () => await door.enter(async () => 'placed'), 1_000)
          if (end.how === 'returned' && end.value === 'placed') return undefined
          await tools.pass(1_000)
        }
        return {
          expected: 'after 20 orders that failed, an order is admitted within 60 s',
          actual: 'no order was admitted in 60 s',
        }
      },
    },
    {
      name: 'three times the load: half of the capacity in time',
      promise: goal,
      async run(tools) {
        const door = (await tools.load())(limits)
        const ends = await overload(door, tools)
        const inTime = ends.filter((end) => end.how === 'returned' && end.afterMs <= 1_500).length
        const capacity = Math.floor((6_000 / workMs) * limits.runningMax)
        if (inTime >= capacity / 2) return undefined
        return {
          expected: `at least ${Math.ceil(capacity / 2)} of 72 orders in 6 s succeed within 1.5 s (the API can process ${capacity})`,
          actual: `${inTime} orders succeeded within 1.5 s`,
        }
      },
    },
    {
      name: 'after an overload, an order is admitted again',
      promise: goal,
      async run(tools) {
        const door = (await tools.load())(limits)
        await overload(door, tools)
        await tools.pass(60_000)
        const end = await tools.call(async () => await door.enter(async () => 'placed'), 5_000)
        if (end.how === 'returned') return undefined
        return {
          expected: 'a minute after the overload, an order is admitted',
          actual: end.how === 'never' ? 'the order waits' : 'the order is refused',
        }
      },
    },
  ],
}

async function work<T>(tools: ProbeTools<Admission>, value: T): Promise<T> {
  await tools.sleep(workMs)
  return value
}

/** 12 orders per second for 6 s: one instance can process 4. Each needs one of three connections. */
async function overload(
  door: Door,
  tools: ProbeTools<Admission>,
): Promise<readonly CallEnd<unknown>[]> {
  const pool = createFakePool(tools, { connectionsMax: 3, acquireTimeoutMs: 2_200 })
  const ends: CallEnd<unknown>[] = []
  const place = async (): Promise<void> => {
    const beganMs = tools.now()
    try {
      await door.enter(async () => {
        const connection = await pool.connect()
        await work(tools, undefined).finally(() => connection.release())
      })
      ends.push({ how: 'returned', value: undefined, afterMs: tools.now() - beganMs })
    } catch (error) {
      ends.push({ how: 'threw', error, afterMs: tools.now() - beganMs })
    }
  }
  await tools.call(async () => {
    for (let i = 0; i < 72; i++) {
      void place()
      await tools.sleep(1_000 / 12)
    }
    await tools.sleep(30_000)
  }, 120_000)
  return ends
}
