import { availableParallelism } from 'node:os'

import type { Breach } from '#chaos/contracts/probe-report.ts'
import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

import { endInWords, Undecided } from '../../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../../contract-probe.ts'
import type { Helpers } from './count-helpers.ts'
import { different, largerThanEver } from './engravings.ts'

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

/** What one turn of the event loop may take. A turn must exceed both to be too long. */
interface TurnLimit {
  readonly ms: number
  /** Of the whole work: on a slow machine even a short piece of it takes long. */
  readonly share: number
}

const turnLimits: readonly TurnLimit[] = [
  // Nearly all of the work: nothing else runs in between.
  { ms: 250, share: 0.97 },
  // A lock that is not renewed for 500 ms expires. Slices of 100 ms for each order are accepted.
  { ms: 450, share: 0.5 },
]
/** More than any order of the lab. The API accepts even more, but comparing them takes too long here. */
const linesOfLarger = 1_200

interface HugeOrders {
  readonly end: ReturnType<typeof inTime<readonly number[]>>
  readonly longestMs: number
  readonly wholeMs: number
}
/** The most expensive measurement: two probes use it. */
let hugeOrders: HugeOrders | undefined

async function assessHugeOrders(tools: Tools): Promise<HugeOrders> {
  if (hugeOrders !== undefined) return hugeOrders
  const assess = await tools.load()
  const names = different(400, 10)
  const all = [largerThanEver(linesOfLarger).lines, names, names]
  hugeOrders = await measure(
    tools,
    async () => await Promise.all(all.map(async (lines) => await assess(orderOf(lines)))),
  )
  return hugeOrders
}

export async function assessesLarger(tools: Tools): Promise<Breach | undefined> {
  const { what, score } = largerThanEver(linesOfLarger)
  const { end } = await assessHugeOrders(tools)
  if (end.how === 'returned' && isSame(end.value[0], score)) return undefined
  return {
    expected: `${score.toFixed(4)} for ${what}`,
    actual: endInWords(end.how === 'returned' ? { ...end, value: end.value[0] } : end),
  }
}

/** A worker processes up to eight orders at once: here three of them are huge. */
export async function runsDuringHugeOrders(tools: Tools): Promise<Breach | undefined> {
  const { end, longestMs, wholeMs } = await assessHugeOrders(tools)
  if (end.how === 'threw') return { expected: 'three scores', actual: endInWords(end) }
  const limit = turnLimits.find(({ ms, share }) => longestMs > ms && longestMs > share * wholeMs)
  if (limit === undefined) return undefined
  return {
    expected: `no turn of the event loop takes more than ${limit.ms} ms and ${100 * limit.share} % of the work`,
    actual: `one turn took ${Math.round(longestMs)} of ${Math.round(wholeMs)} ms (time of the processor)`,
  }
}

export function isSame(score: unknown, expected: number): boolean {
  return typeof score === 'number' && Math.abs(score - expected) < 1e-6
}

/** Measures time of the processor and not of the clock: a busy machine changes nothing. */
async function measure(tools: Tools, work: () => Promise<readonly number[]>): Promise<HugeOrders> {
  const startMs = threadMs()
  let longestMs = 0
  const over = new AbortController()
  let beganMs = startMs
  const turns = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await tools.sleep(1)
      const nowMs = threadMs()
      longestMs = Math.max(longestMs, nowMs - beganMs)
      beganMs = nowMs
    }
  }
  void turns()
  const ended = await tools.call(work, limitMs)
  over.abort()
  const endMs = threadMs()
  longestMs = Math.max(longestMs, endMs - beganMs)
  return { end: inTime(ended), longestMs, wholeMs: endMs - startMs }
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

/** Huge orders of an earlier probe are still being assessed. */
let isBusy = false

/** No small order has to wait for more than this, in time of the processor. */
const waitMaxMs = 250

/** Small orders arrive after two huge ones. They end before both of these. */
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
  const waitedMs = threadMs() - startMs
  // The next probe must not measure the work of this one.
  isBusy = (await tools.call(async () => await all, limitMs)).how === 'never'
  if (end.how === 'threw') return { expected: 'a score', actual: endInWords(end) }
  // Some designs need hardly any time for 600 lines.
  if (smallFirst > 0 || waitedMs < waitMaxMs) return undefined
  return {
    expected: 'an order with one line ends before two orders with 600 lines that began before it',
    actual: 'all small orders ended after both',
  }
}

/** The largest order that the API accepts, and smaller ones: a turn of one that is too large may not end in time. */
const largestLines = [250, 2_500, 5_000]
const lettersMax = 80
/** A turn may compare some lines of the largest order with all others, not fifty. */
const comparisonsMax = 150_000
/** On a fast machine, a turn may be some times as long as a lock. */
const largestTurnMs = 2_000
/** From 2 to 100 turns are measured, for 150 ms: comparing all lines takes minutes. */
const turnsMin = 2
const turnsMax = 100
const measuredMs = 150

/** Only the first turns are measured. Leaves work behind: run it last. */
export async function runsDuringLargestOrder(tools: Tools): Promise<Breach | undefined> {
  if (isBusy) throw tooSlow()
  const texts = different(97, lettersMax)
  const limitOfTurnMs = Math.max(largestTurnMs, comparisonsMax * comparisonMs(texts))
  for (const count of largestLines) {
    const assess = await tools.load()
    // Each line is different from the others in a few letters at least.
    const lines = Array.from({ length: count }, (_, i) =>
      `${i}${texts[i % texts.length] ?? ''}`.slice(0, lettersMax),
    )
    const ended = new AbortController()
    const end = (): void => ended.abort()
    const beganMs = threadMs()
    assess(orderOf(lines)).then(end, end)
    let turnBeganMs = beganMs
    for (let turn = 1; turn <= turnsMax && !ended.signal.aborted; turn++) {
      await tools.sleep(1)
      const nowMs = threadMs()
      const turnMs = nowMs - turnBeganMs
      if (turnMs > limitOfTurnMs)
        return {
          expected: `no turn of the event loop takes more than ${Math.round(limitOfTurnMs)} ms, for an order of ${count} lines with ${lettersMax} letters`,
          actual: `turn ${turn} took ${Math.round(turnMs)} ms (time of the processor)`,
        }
      if (turn >= turnsMin && nowMs - beganMs > measuredMs) break
      turnBeganMs = nowMs
    }
  }
  return undefined
}

/** How long this machine needs to compare two of the longest lines. */
function comparisonMs(texts: readonly string[]): number {
  const compareAll = (): number => {
    const beganMs = threadMs()
    for (const text of texts) for (const other of texts.slice(0, 8)) editDistance(text, other)
    return (threadMs() - beganMs) / texts.length / 8
  }
  // The first time also compiles it.
  compareAll()
  return compareAll()
}
