import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

import { endInWords } from '../../contract-probe.ts'
import type { ProbeTools } from '../../contract-probe.ts'
import { different } from './engravings.ts'
import { inTime, limitMs, orderOf } from './huge-orders.ts'

/** 31,000 pairs of texts in each order. */
const linesOfOrder = 250
/** The number of orders per measurement. */
const ordersOfRound = 3
const lettersMax = 7
/** Less than this may be anything. What is kept of each pair is more. */
const growthMinBytes = 1_000_000
/** A cache with a limit grows less and less. A map doubles its table now and then, so several rounds are compared. */
const laterShare = 0.5
const roundsMax = 6

/** Orders with other texts each time. What the process keeps of them must not grow with their number. */
export async function memoryEnds(tools: ProbeTools<AssessRisk>): Promise<Breach | undefined> {
  const assess = await tools.load()
  const collect = garbageCollector()
  const texts = different(linesOfOrder, lettersMax)
  let orders = 0
  const growths: number[] = []
  let before = usedBytes(collect)
  for (let round = 0; round <= roundsMax; round++) {
    for (let i = 0; i < ordersOfRound; i++) {
      orders += 1
      const lines = texts.map((text) => `${orders}${text}`)
      const end = inTime(await tools.call(async () => await assess(orderOf(lines)), limitMs))
      if (end.how === 'threw') return { expected: 'a score', actual: endInWords(end) }
    }
    const after = usedBytes(collect)
    growths.push(after - before)
    before = after
    // The first orders also load and compile code.
    if (round === 0) continue
    if ((growths.at(-1) ?? 0) < growthMinBytes) return undefined
  }
  const half = roundsMax / 2
  const [earlier, later] = [sum(growths.slice(1, 1 + half)), sum(growths.slice(1 + half))]
  if (later < laterShare * earlier) return undefined
  const mebibytes = growths.slice(1).map((bytes) => Math.round(bytes / 2 ** 20))
  return {
    expected: `the memory does not grow with every order of ${linesOfOrder} lines`,
    actual: `each ${ordersOfRound} orders keep ${mebibytes.join(', ')} MiB more`,
  }
}

function sum(bytes: readonly number[]): number {
  return bytes.reduce((total, one) => total + one, 0)
}

function usedBytes(collect: () => void): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
