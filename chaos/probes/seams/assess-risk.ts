import type { AssessRisk } from '#services/worker/seams.ts'

import { endInWords, Undecided } from '../contract-probe.ts'
import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'

const mustFind =
  'The worker must not skip the work: one of the huge orders is suspicious, and the worker must find it.'
const noWait =
  'A huge order is assessed once and charged once, and the orders behind it do not have to wait for it.'
const welcome = 'The order is legitimate, and welcome.'
/** An order with a higher score is set aside. */
const riskMax = 0.9
const limitMs = 4_000
const repeats = 5

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
      name: 'the event loop runs while a huge order is assessed',
      promise: noWait,
      run: async (tools) => await keepsRunning(tools),
    },
  ],
}

async function judge(
  tools: ProbeTools<AssessRisk>,
  assess: AssessRisk,
  lines: readonly string[],
  isRight: (risk: number) => boolean,
): Promise<Breach | undefined> {
  const end = await tools.call(async () => await assess({ id: 'o-1', lines }), limitMs)
  if (end.how === 'never') throw tooSlow()
  if (end.how === 'returned' && isRight(end.value)) return undefined
  return { expected: '', actual: endInWords(end) }
}

/** Time is real here, so the machine may be the reason. */
function tooSlow(): Undecided {
  return new Undecided(`the assessment did not end within ${limitMs / 1_000} s on this machine`)
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

/** Lines that have hardly a letter in common at the same place. Always the same ones. */
function different(count: number, length: number): readonly string[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length }, (_, j) =>
      String.fromCharCode(97 + ((i * (7 + 2 * j) + j * 5 + Math.floor(i / 26) * (3 + j)) % 26)),
    ).join(''),
  )
}

/**
 * What one turn of the event loop may take of the whole work: in the lab a quarter of it loses the
 * lock of the job. A short turn is harmless in any case: a design may work in slices of a fixed time.
 */
const shareMax = 0.6
const turnMaxMs = 250

/** Measures time of the processor and not of the clock: a busy machine changes nothing. */
async function keepsRunning(tools: ProbeTools<AssessRisk>): Promise<Breach | undefined> {
  const assess = await tools.load()
  const lines = different(800, 10)
  const startMs = threadMs()
  let longestMs = 0
  let working = true
  let beganMs = startMs
  const measure = (): void => {
    const nowMs = threadMs()
    longestMs = Math.max(longestMs, nowMs - beganMs)
    beganMs = nowMs
    if (working) setImmediate(measure)
  }
  setImmediate(measure)
  const end = await tools.call(async () => await assess({ id: 'o-1', lines }), limitMs)
  working = false
  const endMs = threadMs()
  longestMs = Math.max(longestMs, endMs - beganMs)
  if (end.how === 'threw') return { expected: 'a score', actual: endInWords(end) }
  if (end.how === 'never') throw tooSlow()
  const wholeMs = endMs - startMs
  if (longestMs <= turnMaxMs || longestMs <= shareMax * wholeMs) return undefined
  return {
    expected: `no turn of the event loop takes more than ${100 * shareMax} % of the work for 800 lines`,
    actual: `one turn took ${Math.round(longestMs)} of ${Math.round(wholeMs)} ms (time of the processor)`,
  }
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
