import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Admission, AdmissionLimits } from '#services/api/seams.ts'

import type { ProbeTools } from '../../contract-probe.ts'
import { createFakePool } from '../fake-pool.ts'

interface Overload {
  readonly limits: AdmissionLimits
  readonly workMs: number
  readonly forMs: number
}

const times = 3
/** How long a customer of the lab waits for a response. */
const inTimeMs = 1_500

/** Three times as many orders as one instance can process. Each needs a connection, of `runningMax`. */
export async function completesInTime(
  tools: ProbeTools<Admission>,
  { limits, workMs, forMs }: Overload,
): Promise<Breach | undefined> {
  const door = (await tools.load())(limits)
  const pool = createFakePool(tools, {
    connectionsMax: limits.runningMax,
    acquireTimeoutMs: 2_200,
  })
  const capacity = Math.floor((forMs / workMs) * limits.runningMax)
  let inTime = 0
  const place = async (): Promise<void> => {
    const beganMs = tools.now()
    await door.enter(async () => {
      const connection = await pool.connect()
      await tools.sleep(workMs).finally(() => connection.release())
    })
    if (tools.now() - beganMs <= inTimeMs) inTime += 1
  }
  await tools.call(async () => {
    for (let i = 0; i < capacity * times; i++) {
      place().catch(() => undefined)
      await tools.sleep(forMs / capacity / times)
    }
    await tools.sleep(30_000)
  }, forMs + 60_000)
  if (inTime >= capacity / 2) return undefined
  return {
    expected: `at least ${Math.ceil(capacity / 2)} of ${capacity * times} orders in ${forMs / 1_000} s succeed within 1.5 s (the API can process ${capacity})`,
    actual: `${inTime} orders succeeded within 1.5 s`,
  }
}
