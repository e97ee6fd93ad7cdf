import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import type { AssessRisk } from '#services/worker/seams.ts'

import { endInWords } from '../../contract-probe.ts'
import type { Breach, ProbeTools } from '../../contract-probe.ts'
import { different } from './engravings.ts'
import { inTime, limitMs, orderOf } from './huge-orders.ts'

/** 45,000 pairs of texts in each order. */
const linesOfOrder = 300
/** So many orders per measurement. */
const ordersOfRound = 3
const lettersMax = 7
/** Less than this may be anything. What is kept of each pair is more. */
const growthMinBytes = 1_500_000
/** Growth that becomes less will end: a cache with a limit. */
const slowerShare = 0.7
/** Many pairs: a cache that still grows afterwards has no limit that a worker could afford. */
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
    const [earlier = 0, last = 0] = growths.slice(-2)
    if (last < growthMinBytes || (round > 1 && last < slowerShare * earlier)) return undefined
  }
  const mebibytes = growths.slice(1).map((bytes) => Math.round(bytes / 2 ** 20))
  return {
    expected: `the memory does not grow with every order of ${linesOfOrder} lines`,
    actual: `each ${ordersOfRound} orders keep ${mebibytes.join(', ')} MiB more`,
  }
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
