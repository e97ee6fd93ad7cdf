import { availableParallelism } from 'node:os'

import type { AssessRisk } from '#services/worker/seams.ts'

import { endInWords, Undecided } from '../contract-probe.ts'
import type { Breach, CallEnd, ProbeTools } from '../contract-probe.ts'
import type { Helpers } from '../fakes/count-helpers.ts'
import { different, largerThanEver } from '../fakes/engravings.ts'

type Tools = ProbeTools<AssessRisk>

/** Time is real here, so a limit may be the fault of the machine. */
export const limitMs = 4_000
let orders = 0

/** A new order with these lines. */
export const orderOf = (lines: readonly string[]): Parameters<AssessRisk>[0] => ({
  id: `o-${(orders += 1)}`,
  lines,
})

/** Throws if the machine may be the reason. */
export function inTime<T>(end: CallEnd<T>): Exclude<CallEnd<T>, { how: 'never' }> {
  if (end.how === 'never') throw tooSlow()
  return end
}

function tooSlow(): Undecided {
  return new Undecided(`the assessment did not end within ${limitMs / 1_000} s on this machine`)
}

/** What one turn of the event loop may take. A turn must exceed both: the time, and the share of the whole work. */
interface TurnLimits {
  /** A short turn is harmless in any case: a design may work in slices of a fixed time. */
  readonly ms: number
  /** On a slow machine even a short piece of the work takes long. */
  readonly share: number
}
/** In the lab a quarter of the work loses the lock of the job. */
const oneOrder: TurnLimits = { ms: 120, share: 0.6 }
/** A lock that is not renewed for 500 ms expires. Slices of 100 ms for each order are accepted. */
const fourOrders: TurnLimits = { ms: 450, share: 0.3 }
/** More than any order of the lab. The API accepts even more, but comparing them takes too long here. */
const linesOfLarger = 1_600

/** A larger order than all before it has its score, and the event loop runs meanwhile. */
export async function keepsRunning(tools: Tools): Promise<Breach | undefined> {
  const assess = await tools.load()
  const { what, lines, score } = largerThanEver(linesOfLarger)
  const { end, breach } = await measure(tools, oneOrder, async () => await assess(orderOf(lines)))
  if (end.how === 'returned' && isSame(end.value, score)) return breach
  return { expected: `${score.toFixed(4)} for ${what}`, actual: endInWords(end) }
}

/** A worker processes up to eight orders at once: here four of them are huge. */
export async function keepsRunningForSeveral(tools: Tools): Promise<Breach | undefined> {
  const assess = await tools.load()
  const lines = different(400, 10)
  const { end, breach } = await measure(
    tools,
    fourOrders,
    async () => await Promise.all([0, 1, 2, 3].map(async () => await assess(orderOf(lines)))),
  )
  if (end.how === 'threw') return { expected: 'four scores', actual: endInWords(end) }
  return breach
}

export function isSame(score: unknown, expected: number): boolean {
  return typeof score === 'number' && Math.abs(score - expected) < 1e-6
}

/** Measures time of the processor and not of the clock: a busy machine changes nothing. */
async function measure<T>(
  tools: Tools,
  { ms, share }: TurnLimits,
  work: () => Promise<T>,
): Promise<{
  readonly end: ReturnType<typeof inTime<T>>
  readonly breach: Breach | undefined
}> {
  const startMs = threadMs()
  let longestMs = 0
  let working = true
  let beganMs = startMs
  const turn = (): void => {
    const nowMs = threadMs()
    longestMs = Math.max(longestMs, nowMs - beganMs)
    beganMs = nowMs
    if (working) setTimeout(turn, 1)
  }
  setTimeout(turn, 1)
  const ended = await tools.call(work, limitMs)
  working = false
  const endMs = threadMs()
  longestMs = Math.max(longestMs, endMs - beganMs)
  const end = inTime(ended)
  const wholeMs = endMs - startMs
  if (longestMs <= ms || longestMs <= share * wholeMs) return { end, breach: undefined }
  return {
    end,
    breach: {
      expected: `no turn of the event loop takes more than ${ms} ms and ${100 * share} % of the work`,
      actual: `one turn took ${Math.round(longestMs)} of ${Math.round(wholeMs)} ms (time of the processor)`,
    },
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** A worker processes up to eight orders at once. A thread for each of them is right, and so is one per core. */
const helpersMax = Math.max(8, availableParallelism())
/** On a machine with more cores the probe would take too long. */
const helpersTestable = 20
/** Orders at the same moment. */
const together = 2
/** From here on it is visible whether every order leaves something behind. */
const ordersMin = 4

export async function leavesNothingBehind(
  tools: Tools,
  helpers: Helpers,
): Promise<Breach | undefined> {
  const assess = await tools.load()
  const lines = different(200, 4)
  const before = helpers.running
  const running = (): number => helpers.running - before
  for (let orders = together; ; orders += together) {
    const some = Array.from({ length: together }, () => orderOf(lines))
    const work = async () => await Promise.all(some.map(async (order) => await assess(order)))
    const end = inTime(await tools.call(work, limitMs))
    if (end.how === 'threw') return { expected: 'a score', actual: endInWords(end) }
    if (orders >= ordersMin && running() < orders) return undefined
    if (running() > helpersMax) {
      // Threads that were told to end need a moment.
      for (let i = 0; i < 20 && running() > helpersMax; i++) await tools.sleep(50)
      if (running() <= helpersMax) return undefined
      return {
        expected: `at most ${helpersMax} threads and processes after ${orders} orders, ${together} at a time`,
        actual: `${running()} still run`,
      }
    }
    if (orders > helpersTestable) throw new Undecided('this machine has many cores')
  }
}

/** So long no order has to wait, in time of the processor. */
const waitMaxMs = 250

/** Small orders arrive after two huge ones. They end before both of these. Leaves work behind: run it last. */
export async function smallOnesPass(tools: Tools): Promise<Breach | undefined> {
  const assess = await tools.load()
  const huge = different(600, 10)
  let hugeLeft = 2
  const hugeOnes = [0, 1].map(async () => {
    await assess(orderOf(huge))
    hugeLeft -= 1
  })
  const startMs = threadMs()
  let smallFirst = 0
  const smallOnes = [1, 2, 3].map(async (count) => {
    await assess(orderOf(different(count, 10)))
    if (hugeLeft > 0) smallFirst += 1
  })
  const small = Promise.all(smallOnes)
  const all = Promise.all(hugeOnes)
  all.catch(() => undefined)
  const end = inTime(await tools.call(async () => await small, limitMs))
  if (end.how === 'threw') return { expected: 'a score', actual: endInWords(end) }
  // Some designs need hardly any time for 600 lines.
  if (smallFirst > 0 || threadMs() - startMs < waitMaxMs) return undefined
  return {
    expected: 'an order with one line ends before two orders with 600 lines that began before it',
    actual: 'all small orders ended after both',
  }
}
