import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

import { endInWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { countHelpers } from './assess-risk/count-helpers.ts'
import { different, everyShape } from './assess-risk/engravings.ts'
import type { Engravings } from './assess-risk/engravings.ts'
import {
  assessesLarger,
  inTime,
  isSame,
  runsDuringHugeOrders,
  runsDuringLargestOrder,
  leavesNothingBehind,
  limitMs,
  orderOf,
  smallOnesPass,
} from './assess-risk/huge-orders.ts'
import { memoryEnds } from './assess-risk/memory.ts'

const mustFind =
  'The worker must not skip the work: one of the huge orders is suspicious, and the worker must find it.'
const sameScore =
  'The same order gets the same score as from the starting version, wherever its similar texts are.'
const running =
  'While it assesses an order, the event loop keeps running: timers and sockets are served.'
const everyOrder =
  'Your version keeps these promises, for every order that the API accepts (up to 5,000 lines of up to 80 letters), and for several of them at once:'
const noWait =
  'A huge order is assessed once and charged once, and the orders behind it do not have to wait for it.'
const nothingStays =
  'Nothing stays behind: after many huge orders the worker uses no more of the machine than after a few.'
const welcome = 'The order is legitimate, and welcome.'
/** An order with a higher score is set aside. */
const riskMax = 0.9
const repeats = 5
const helpers = countHelpers()

export const assessRiskContract: SeamContract<AssessRisk> = {
  lab: 'stalled-worker',
  time: 'real',
  probes: [
    {
      name: 'finds a suspicious order, wherever its different lines are',
      promise: mustFind,
      async run(tools) {
        const assess = await tools.load()
        for (const [where, lines] of suspicious()) {
          const breach = await judge(tools, assess, lines, (risk) => risk > riskMax)
          if (breach !== undefined)
            return {
              ...breach,
              expected: `more than ${riskMax}: 96 of 100 lines are nearly the same, ${where}`,
            }
        }
        return undefined
      },
    },
    {
      name: 'finds the same order every time',
      promise: mustFind,
      async run(tools) {
        const assess = await tools.load()
        const [, lines = []] = suspicious()[1] ?? []
        for (let i = 0; i < repeats; i++) {
          const breach = await judge(tools, assess, lines, (risk) => risk > riskMax)
          if (breach !== undefined)
            return {
              ...breach,
              expected: `more than ${riskMax}, each of ${repeats} times`,
              actual: `time ${i + 1}: ${breach.actual}`,
            }
        }
        return undefined
      },
    },
    {
      name: 'an order with a different name on each piece is not suspicious',
      promise: welcome,
      async run(tools) {
        const assess = await tools.load()
        for (const count of [0, 1, 8, 300]) {
          const breach = await judge(
            tools,
            assess,
            different(count, 8),
            (risk) => !(risk > riskMax),
          )
          if (breach !== undefined)
            return { ...breach, expected: `at most ${riskMax} for ${count} different lines` }
        }
        return undefined
      },
    },
    {
      name: 'orders of every shape have the score of the starting version',
      promise: sameScore,
      async run(tools) {
        const assess = await tools.load()
        for (const order of everyShape()) {
          const end = await tools.call(async () => await assess(orderOf(order.lines)), limitMs)
          const breach = scoreBreach(order, inTime(end))
          if (breach !== undefined) return breach
        }
        return undefined
      },
    },
    {
      name: 'orders of every shape at once have the same scores',
      promise: sameScore,
      run: async (tools) => await scoresAtOnce(tools),
    },
    {
      name: 'an order larger than all before it has the score of the starting version',
      promise: sameScore,
      run: async (tools) => await assessesLarger(tools),
    },
    {
      name: 'the event loop runs while huge orders are assessed',
      promise: running,
      run: async (tools) => await runsDuringHugeOrders(tools),
    },
    {
      name: 'no thread and no process is left behind by each order',
      promise: nothingStays,
      run: async (tools) => await leavesNothingBehind(tools, helpers),
    },
    {
      name: 'no memory is left behind by each order',
      promise: nothingStays,
      run: async (tools) => await memoryEnds(tools),
    },
    {
      name: 'small orders do not wait for huge ones',
      promise: noWait,
      run: async (tools) => await smallOnesPass(tools),
    },
    {
      name: 'the event loop runs while the largest order that the API accepts is assessed',
      promise: everyOrder,
      run: async (tools) => await runsDuringLargestOrder(tools),
    },
  ],
}

async function judge(
  tools: ProbeTools<AssessRisk>,
  assess: AssessRisk,
  lines: readonly string[],
  isRight: (risk: number) => boolean,
): Promise<Breach | undefined> {
  const end = inTime(await tools.call(async () => await assess(orderOf(lines)), limitMs))
  if (end.how === 'returned' && isRight(end.value)) return undefined
  return { expected: '', actual: endInWords(end) }
}

async function scoresAtOnce(tools: ProbeTools<AssessRisk>): Promise<Breach | undefined> {
  const assess = await tools.load()
  const orders = everyShape()
  const all = async (): Promise<readonly number[]> =>
    await Promise.all(orders.map(async ({ lines }) => await assess(orderOf(lines))))
  const end = inTime(await tools.call(all, limitMs))
  if (end.how === 'threw') return { expected: 'a score for each order', actual: endInWords(end) }
  for (const [i, order] of orders.entries()) {
    const value = end.value[i] ?? Number.NaN
    const breach = scoreBreach(order, { ...end, value })
    if (breach !== undefined) return breach
  }
  return undefined
}

function scoreBreach(
  { what, score }: Engravings,
  end: ReturnType<typeof inTime<number>>,
): Breach | undefined {
  if (end.how === 'returned' && isSame(end.value, score)) return undefined
  return { expected: `${score.toFixed(4)} for an order with ${what}`, actual: endInWords(end) }
}

/** 100 lines, of which 4 are different: the same share as in the lab. */
function suspicious(): readonly (readonly [where: string, lines: readonly string[]])[] {
  const same = Array.from({ length: 96 }, (_, i) => `Happy birthday, ${String(i).padStart(2, '0')}`)
  const others = different(4, 18)
  const spread = same.flatMap((line, i) => (i % 24 === 0 ? [line, others[i / 24] ?? ''] : [line]))
  return [
    ['after the different ones', [...others, ...same]],
    ['before the different ones', [...same, ...others]],
    ['with the different ones between them', spread],
  ]
}
