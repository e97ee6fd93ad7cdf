import type { DirectAddresses } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import type { Flow, FlowResultName, FlowRun, FlowSource } from '#chaos/contracts/system/flow.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import { flowOfFile } from '#chaos/derived/file/flow-of-file.ts'
import { parseFlowFile } from '#chaos/derived/file/parse-flow-file.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { isBad, resultLooks } from '#chaos/xray/judging/cell-results.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'

/** What both judges read of the same moment. */
interface Both {
  readonly own: unknown
  readonly derived: unknown
  readonly counters: TruthCounters
}

/**
 * A flow whose runs two judges judge: that of the system's flow, and the effect that the flow file learns. A cell's result is
 * the derived one; its `global` begins with the other one. Both judge the same run, so chance cannot make them differ.
 */
export function judgedTwice(system: System, own: Flow, text: string): Flow {
  const derived = flowOfFile(parseFlowFile(text, 'comparison'), { topology: system.topology })
  return combined(system, own, derived)
}

const mark = ' | '

function combined(system: System, own: Flow, derived: Flow): Flow {
  const { source, learning } = derived
  if (source === undefined || learning === undefined)
    throw new TypeError('The flow of a file has a source and a lesson.')
  return {
    ...derived,
    start: own.start,
    source: sourceOfBoth(system, source),
    learning: {
      ...(learning.learned === undefined ? {} : { learned: learning.learned }),
      learn: (lesson) =>
        combined(
          system,
          own,
          learning.learn({
            plain: lesson.plain.map(runOfDerived),
            disturbed: lesson.disturbed.map(({ by, run }) => ({ by, run: runOfDerived(run) })),
            idle: {
              before: (lesson.idle.before as Both).derived,
              after: (lesson.idle.after as Both).derived,
            },
          }),
        ),
      recall: (learned) => combined(system, own, learning.recall(learned)),
    },
    judge: (run) => {
      const result = derived.judge(runOfDerived(run))
      if (learning.learned === undefined) return result
      return {
        ...result,
        global: `${own.judge(runOfSystem(system, run)).result}${mark}${result.global}`,
      }
    },
  }
}

function sourceOfBoth(system: System, source: FlowSource): FlowSource<Both> {
  return {
    settleMs: source.settleMs,
    open: (addresses: DirectAddresses) => {
      const opened = source.open(addresses)
      const reader = truthOf(system).open(addresses, systemClock)
      return {
        read: async (key, signal) => {
          const [derived, own, counters] = await Promise.all([
            opened.read(key, signal),
            reader.read(signal),
            reader.counters(signal),
          ])
          return { derived, own, counters }
        },
        [Symbol.asyncDispose]: async () => {
          await opened[Symbol.asyncDispose]()
          await reader[Symbol.asyncDispose]()
        },
      }
    },
    pending: ({ derived }) => source.pending(derived),
    isCertain: (run) =>
      source.isCertain({ ...run, before: run.before.derived, truth: run.truth.derived }),
    // A retry would change what the system's own judge sees.
    retries: () => false,
  }
}

function runOfDerived(run: FlowRun): FlowRun {
  return { ...run, before: (run.before as Both).derived, truth: (run.truth as Both).derived }
}

/** The system's own judge calls a run settled when no counter of work in flight is above what it was. */
function runOfSystem(system: System, run: FlowRun): FlowRun {
  const [before, truth] = [run.before as Both, run.truth as Both]
  const isOpen = truthOf(system).inFlight.some(
    ({ counter }) => (truth.counters[counter] ?? 0) > (before.counters[counter] ?? 0),
  )
  const settledAfterMs = isOpen ? null : (run.settledAfterMs ?? 0)
  return { ...run, settledAfterMs, before: before.own, truth: truth.own }
}

export interface JudgeComparison {
  readonly cells: number
  /** Cells that both call broken, or both call good. */
  readonly agree: number
  /** Cells with the same result, all good ones taken as one. */
  readonly same: number
  readonly differences: readonly {
    readonly cell: string
    readonly own: FlowResultName
    readonly derived: string
    readonly why: string
  }[]
  /** Cells that the derived judge calls good and the system's own judge calls red. */
  readonly missed: readonly string[]
}

/** Compares the two results of each cell. */
export function compareJudges({ cells, steps }: Matrix): JudgeComparison {
  const judged = cells.flatMap(({ id, step, column, result, global = '' }) => {
    if (!global.includes(mark)) return []
    const [own = '', why = ''] = global.split(mark)
    const signature = steps.find((one) => one.id === step)?.signature ?? ''
    return [
      { cell: `${id} (${signature}, ${column})`, own: own as FlowResultName, derived: result, why },
    ]
  })
  const agrees = ({ own, derived }: (typeof judged)[number]): boolean =>
    isBad(own) === isBad(derived)
  return {
    cells: judged.length,
    agree: judged.filter(agrees).length,
    same: judged.filter((one) => agrees(one) && (!isBad(one.own) || one.own === one.derived))
      .length,
    differences: judged.filter((one) => !agrees(one)),
    missed: judged
      .filter((one) => resultLooks[one.own].colour === 'red' && !isBad(one.derived))
      .map(({ cell }) => cell),
  }
}
