import type { AdmissionLimits, Door } from '#services/api/seams.ts'

import type { ProbeTools } from '../../contract-probe.ts'

export interface PlannedOrder {
  readonly atMs: number
  readonly workMs: number
  /** What its work rejects with. Without it the work succeeds. */
  readonly failure?: Error
}

export interface DoorLoad {
  readonly name: string
  readonly limits: AdmissionLimits
  readonly orders: readonly PlannedOrder[]
}

/** What happened to an order, in milliseconds of the probe's time. */
export interface ObservedOrder {
  readonly plan: PlannedOrder
  readonly enteredMs: number
  beganMs?: number
  endedMs?: number
  /** When `enter` ended, and with which error. */
  settledMs?: number
  error?: unknown
}

export interface ObservedDoor {
  readonly orders: readonly ObservedOrder[]
  /** The most orders that ran at once. */
  readonly runningMost: number
  /** The door's own numbers, at the first time when they were false for longer than a moment. */
  readonly falseNumbers: { readonly said: string; readonly real: string } | undefined
}

type Time = Pick<ProbeTools<unknown>, 'now' | 'sleep' | 'call' | 'pass'>

/** Orders begin and end at round times. Samples are taken at others. */
const betweenSamplesMs = 37
/** How many samples in a row must be false: an order may be between the queue and its place. */
const falseMin = 4
/** The door's timers may change its numbers after the last order. */
const afterLastMs = 3_000
const orderMaxMs = 60_000
/** A refused order must not begin in this time. */
const watchedMs = 60_000

/** Sends the orders to the door, and observes each of them and the door's numbers. */
export async function sendOrders(time: Time, door: Door, load: DoorLoad): Promise<ObservedDoor> {
  const orders: ObservedOrder[] = []
  const running = (): number =>
    orders.filter(({ beganMs, endedMs }) => beganMs !== undefined && endedMs === undefined).length
  const waiting = (): number =>
    orders.filter(({ beganMs, settledMs }) => beganMs === undefined && settledMs === undefined)
      .length
  let runningMost = 0
  const send = async (plan: PlannedOrder): Promise<void> => {
    await time.sleep(plan.atMs)
    const order: ObservedOrder = { plan, enteredMs: time.now() }
    orders.push(order)
    try {
      await door.enter(async () => {
        order.beganMs = time.now()
        runningMost = Math.max(runningMost, running())
        await time.sleep(plan.workMs)
        order.endedMs = time.now()
        if (plan.failure !== undefined) throw plan.failure
      })
    } catch (error) {
      order.error = error
    }
    order.settledMs = time.now()
  }
  let falseNumbers: ObservedDoor['falseNumbers']
  let falseCount = 0
  const sample = (): void => {
    const said = `${door.running} running and ${door.waiting} waiting`
    const real = `${running()} running and ${waiting()} waiting`
    falseCount = said === real ? 0 : falseCount + 1
    if (falseCount === falseMin) falseNumbers ??= { said, real }
  }
  const lastAtMs = Math.max(...load.orders.map(({ atMs }) => atMs))
  const limitMs = lastAtMs + orderMaxMs
  await time.call(async () => {
    const beganMs = time.now()
    const all = load.orders.map(send)
    let quietSinceMs = beganMs
    while (time.now() < beganMs + limitMs && time.now() < quietSinceMs + afterLastMs) {
      await time.sleep(betweenSamplesMs)
      sample()
      const isQuiet = orders.length === all.length && running() + waiting() === 0
      if (!isQuiet) quietSinceMs = time.now()
    }
  }, limitMs + afterLastMs)
  await time.pass(watchedMs)
  return { orders, runningMost, falseNumbers }
}

/** Orders that arrive at the same distance from each other. */
export function evenly(
  count: number,
  everyMs: number,
  order: (index: number) => Omit<PlannedOrder, 'atMs'>,
): readonly PlannedOrder[] {
  return Array.from({ length: count }, (_, i) => ({ atMs: i * everyMs, ...order(i) }))
}
