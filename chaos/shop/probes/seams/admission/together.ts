import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Admission, AdmissionLimits } from '#services/api/seams.ts'

import { endInWords } from '../../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../../contract-probe.ts'
import { sendOrders } from '../../fakes/door/send-orders.ts'
import type { DoorLoad } from '../../fakes/door/send-orders.ts'

/** An order of the lab: seven replies of Postgres, each 100 ms late. */
export const workMs = 700

interface Rounds extends AdmissionLimits {
  readonly atOnce: number
  readonly rounds: number
}

/** Never more orders at a time than may run at once. The next ones arrive when all have ended. */
export async function together(
  tools: ProbeTools<Admission>,
  { atOnce, rounds, ...some }: Rounds,
): Promise<Breach | undefined> {
  for (const orderMs of [5, 20, 70, workMs]) {
    const door = (await tools.load())(some)
    for (let i = 0; i < rounds; i++) {
      const failed = firstFailed(await enterAll(tools, door, atOnce, orderMs))
      if (failed === undefined) continue
      return {
        expected: `with ${atOnce} ${atOnce === 1 ? 'order' : 'orders'} at a time, all succeed with their own results`,
        actual: `in round ${i + 1} of ${rounds}, of orders of ${orderMs} ms: ${endInWords(failed)}`,
      }
    }
  }
  return undefined
}

/** After the load, all places are free again within a minute, without a restart. */
export async function recovers(
  tools: ProbeTools<Admission>,
  load: DoorLoad,
): Promise<Breach | undefined> {
  const door = (await tools.load())(load.limits)
  await sendOrders(tools, door, load)
  const { runningMax } = load.limits
  let failed: CallEnd<unknown> | undefined
  for (let second = 1; second <= 60; second++) {
    failed = firstFailed(await enterAll(tools, door, runningMax, workMs))
    if (failed === undefined) return undefined
    await tools.pass(1_000)
  }
  return {
    expected: `within a minute after ${load.name}, ${runningMax} orders at once are admitted`,
    actual: failed === undefined ? '' : endInWords(failed),
  }
}

/** Each order has its number as its result. */
function firstFailed(ends: readonly CallEnd<unknown>[]): CallEnd<unknown> | undefined {
  return ends.find((end, i) => end.how !== 'returned' || end.value !== i)
}

async function enterAll(
  tools: ProbeTools<Admission>,
  door: ReturnType<Admission>,
  count: number,
  orderMs: number,
): Promise<readonly CallEnd<unknown>[]> {
  const enter = async (index: number): Promise<CallEnd<unknown>> => {
    const beganMs = tools.now()
    try {
      const value = await door.enter(async () => {
        await tools.sleep(orderMs)
        return index
      })
      return { how: 'returned', value, afterMs: tools.now() - beganMs }
    } catch (error) {
      return { how: 'threw', error, afterMs: tools.now() - beganMs }
    }
  }
  const all = await tools.call(
    async () => await Promise.all(Array.from({ length: count }, async (_, i) => await enter(i))),
    20_000,
  )
  return all.how === 'returned' ? all.value : [{ how: 'never' }]
}
