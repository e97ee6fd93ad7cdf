import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { inWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { completesInTime } from '../fakes/door/completes-in-time.ts'
import { evenly, sendOrders } from '../fakes/door/send-orders.ts'
import type { DoorLoad, ObservedDoor, ObservedOrder } from '../fakes/door/send-orders.ts'
import { recovers, together, workMs } from './admission/together.ts'

/** As the lab's API has them. */
const limits = { runningMax: 3, waitingMax: 6, waitMaxMs: 500 }
/** Other numbers: a single place, and the shop's own. */
const oneplace = { runningMax: 1, waitingMax: 2, waitMaxMs: 200 }
const shop = { runningMax: 10, waitingMax: 20, waitMaxMs: 300 }
const goal =
  'When three times as many orders arrive as the API can process, it still completes as many in time as before, and refuses the others quickly.'
const numbers =
  'At most `runningMax` orders run at once. `running` and `waiting` are the true numbers.'
const placeFree = 'A place becomes free again when its order has ended, however it ended.'
const beforeWork =
  'An order is refused before any work is done for it: 503, `definite: true`, with `Retry-After`.'
const neverLater = 'A refused order never runs later.'
const noOverload = 'Without overload no order is refused.'

/** No customer of the lab waits longer. */
const customerMaxMs = 3_000

const failures = [
  undefined,
  new Error('The connection ended.'),
  new Refusal('sold-out', 'Sold out.', { status: 409, definite: true }),
  new Refusal('timeout', 'The outcome is unknown.', { status: 504, definite: false }),
]
const mixed = (i: number): { workMs: number; failure?: Error } => {
  const failure = failures[i % failures.length]
  return {
    workMs: [5, 700, 2_500, 50, 5_000][i % 5] ?? 0,
    ...(failure === undefined ? {} : { failure }),
  }
}

const overload: DoorLoad = {
  name: 'three times as many orders as the API can process',
  limits,
  orders: evenly(72, 1_000 / 12, () => ({ workMs })),
}
const slow: DoorLoad = {
  name: 'orders that take 20 s each',
  limits,
  orders: evenly(12, 100, () => ({ workMs: 20_000 })),
}
const failing: DoorLoad = {
  name: 'orders that succeed and fail, slow and fast',
  limits,
  orders: evenly(60, 100, mixed),
}
const loads: readonly DoorLoad[] = [
  overload,
  slow,
  failing,
  { name: '30 fast orders at once', limits, orders: evenly(30, 0, () => ({ workMs: 5 })) },
  { name: 'one place', limits: oneplace, orders: evenly(30, 100, mixed) },
  { name: 'ten places', limits: shop, orders: evenly(60, 20, mixed) },
]

export const admissionContract: SeamContract<Admission> = {
  lab: 'overload',
  time: 'jumping',
  probes: [
    {
      name: 'one order at a time is never refused',
      promise: noOverload,
      run: async (tools) => await together(tools, { ...limits, atOnce: 1, rounds: 30 }),
    },
    ...[limits, oneplace, shop].map((some) => ({
      name: `orders are not refused while at most ${some.runningMax} run`,
      promise: noOverload,
      run: async (tools: ProbeTools<Admission>) =>
        await together(tools, { ...some, atOnce: some.runningMax, rounds: 5 }),
    })),
    {
      name: 'an order that fails gives its place back',
      promise: placeFree,
      run: async (tools) => await recovers(tools, failing),
    },
    {
      name: 'after orders of 20 s, orders are admitted again',
      promise: noOverload,
      run: async (tools) => await recovers(tools, slow),
    },
    {
      name: 'after an overload, an order is admitted again',
      promise: noOverload,
      run: async (tools) => await recovers(tools, overload),
    },
    {
      name: 'three times the load: half of the capacity in time',
      promise: goal,
      run: async (tools) => await completesInTime(tools, { limits, workMs, forMs: 6_000 }),
    },
    {
      name: 'three times the load of fast orders: half of the capacity in time',
      promise: goal,
      run: async (tools) => await completesInTime(tools, { limits, workMs: 70, forMs: 2_000 }),
    },
    {
      name: 'an order that gets no place is refused soon',
      promise: goal,
      run: async (tools) => await inEachLoad(tools, judgeWaits),
    },
    {
      name: 'at most `runningMax` orders run at once',
      promise: numbers,
      run: async (tools) => await inEachLoad(tools, judgeRunning),
    },
    {
      name: '`running` and `waiting` are true, during and after the load',
      promise: numbers,
      run: async (tools) => await inEachLoad(tools, judgeNumbers),
    },
    {
      name: 'every refusal is definite, with 503 and Retry-After, and no order of it has begun',
      promise: beforeWork,
      run: async (tools) => await inEachLoad(tools, judgeRefusals),
    },
    {
      name: 'an order that was refused does not begin later',
      promise: neverLater,
      run: async (tools) => await inEachLoad(tools, judgeLater),
    },
  ],
}

type Judge = (observed: ObservedDoor, load: DoorLoad) => Breach | undefined

async function inEachLoad(tools: ProbeTools<Admission>, judge: Judge): Promise<Breach | undefined> {
  for (const load of loads) {
    const door = (await tools.load())(load.limits)
    const breach = judge(await sendOrders(tools, door, load), load)
    if (breach !== undefined)
      return { expected: breach.expected, actual: `${load.name}: ${breach.actual}` }
  }
  return undefined
}

function judgeWaits({ orders }: ObservedDoor): Breach | undefined {
  const waited = orders.map((one) => (one.beganMs ?? one.settledMs ?? Infinity) - one.enteredMs)
  const longest = Math.max(...waited)
  if (longest <= customerMaxMs) return undefined
  return {
    expected: `an order begins or is refused within ${customerMaxMs / 1_000} s`,
    actual: `an order waited ${longest === Infinity ? 'indefinitely' : `for ${(longest / 1_000).toFixed(1)} s`}`,
  }
}

function judgeRunning({ runningMost }: ObservedDoor, load: DoorLoad): Breach | undefined {
  const { runningMax } = load.limits
  if (runningMost <= runningMax) return undefined
  return {
    expected: `at most ${runningMax} orders run`,
    actual: `${runningMost} orders ran at once`,
  }
}

function judgeNumbers({ falseNumbers }: ObservedDoor): Breach | undefined {
  if (falseNumbers === undefined) return undefined
  return { expected: falseNumbers.real, actual: `the numbers say ${falseNumbers.said}` }
}

function judgeRefusals({ orders }: ObservedDoor): Breach | undefined {
  for (const { plan, beganMs, settledMs, error } of orders) {
    if (error === undefined || error === plan.failure || settledMs === undefined) continue
    if (beganMs !== undefined && beganMs <= settledMs) {
      // That its outcome is unknown may be said of an order that has begun.
      if (!isDefinite(error) || isDefinite(plan.failure)) continue
      return {
        expected: 'an order is refused before it begins',
        actual: `an order of ${plan.workMs} ms had begun, and was refused ${settledMs - beganMs} ms later with ${inWords(error)}`,
      }
    }
    if (isRefusal(error)) continue
    return {
      expected: 'an order that has not begun is refused with 503, definite, and Retry-After',
      actual: refusalInWords(error),
    }
  }
  return undefined
}

function judgeLater({ orders }: ObservedDoor): Breach | undefined {
  const isLate = ({ error, settledMs, beganMs }: ObservedOrder): boolean =>
    error !== undefined && beganMs !== undefined && settledMs !== undefined && beganMs > settledMs
  const late = orders.filter(isLate).length
  if (late === 0) return undefined
  return {
    expected: 'no refused order begins',
    actual: `${late} of ${orders.length} orders began after they had been refused`,
  }
}

function isDefinite(error: unknown): boolean {
  return error instanceof Refusal && error.definite
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof Refusal &&
    error.status === 503 &&
    error.definite &&
    Number.isFinite(error.retryAfterSeconds)
  )
}

function refusalInWords(error: unknown): string {
  if (!(error instanceof Refusal)) return inWords(error)
  const { status, definite, retryAfterSeconds } = error
  return `${status}, definite: ${definite}, Retry-After: ${retryAfterSeconds ?? 'none'}`
}
