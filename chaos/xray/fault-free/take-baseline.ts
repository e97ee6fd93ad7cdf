import type { Flow, FlowResult } from '#chaos/contracts/system/flow.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { lookOf } from '../judging/cell-results.ts'
import { flowResult } from '../judging/flow-result.ts'
import type { ObservedFlow } from '../observe-flow.ts'
import { readBaseline, type Baseline } from '../planning/baseline.ts'
import type { XraySandbox } from '../xray-sandbox.ts'

const differencesShown = 3
export const baselineRuns = 3
const idleMs = 1_200
/** In a system that the X-ray does not know. Longer than the 10 s after which BullMQ asks for events of a queue again. */
const unknownIdleMs = 11_000

export interface TakenBaseline {
  readonly baseline: Baseline
  readonly runs: readonly ObservedFlow[]
  /** Those of a learned flow that have rows or values which the lesson has not seen. */
  readonly unlike: readonly ObservedFlow[]
}

/** Runs the flow without a fault. Calls `begin` before each run. Throws when one of the runs fails. */
export async function takeBaseline(
  sandbox: XraySandbox,
  flow: Flow,
  clock: Clock,
  begin: () => void = () => {},
): Promise<TakenBaseline> {
  const { topology, xray } = sandbox.sandbox.system
  await sandbox.warm()
  sandbox.recorder.clear()
  const quietMs = flow.learning === undefined ? idleMs : unknownIdleMs
  await clock.sleep(quietMs, sandbox.setup.signal)
  const idle = {
    exchanges: sandbox.recorder.exchanges.map(({ event }) => event),
    seconds: quietMs / 1_000,
  }
  const runs: ObservedFlow[] = []
  const unlike: ObservedFlow[] = []
  for (let i = 0; i < baselineRuns; i++) {
    begin()
    const observed = await sandbox.observe(flow)
    const judged = flowResult({ flow, observed, retried: false, topology })
    const { result, global } = judged
    if (result !== 'ok' && flow.learning !== undefined && teaches(judged)) unlike.push(observed)
    else if (result !== 'ok') {
      const looks = lookOf(result, xray?.words?.meanings).meaning
      const meaning = [`${result}, ${looks} (${global}).`, ...differences(judged)].join('\n  ')
      throw failsWithoutFault(meaning, result === 'stuck' ? flow.source?.settleMs : undefined)
    }
    runs.push(observed)
  }
  const baseline = readBaseline(runs, idle, topology)
  if (baseline.steps.length === 0)
    throw new Error('No exchange is in every run without a fault, so the flow has no steps.')
  return { baseline, runs, unlike }
}

/** What differs between runs without a fault is masked. A row that is missing is an error. */
function teaches({ result, evidence = [] }: FlowResult): boolean {
  return (result === 'more-rows' || result === 'torn') && evidence.every(({ sign }) => sign !== '-')
}

function differences({ evidence = [] }: FlowResult): readonly string[] {
  return evidence
    .filter(({ sign }) => sign !== ' ')
    .slice(0, differencesShown)
    .map(({ sign, table, text, learned }) =>
      [
        `${sign} ${table} ${text}`,
        ...(learned === undefined ? [] : [`(learned: ${learned})`]),
      ].join(' '),
    )
}

/** `settleMs`: how long a run of a user's flow may take, if that may be the cause. */
function failsWithoutFault(meaning: string, settleMs: number | undefined): Error {
  const message = `The flow fails without a fault, so no cell was run: ${meaning}`
  if (settleMs === undefined) return new Error(message)
  return new InputError(message, {
    remedy: `If its work needs more than ${formatDuration(settleMs)}, for example a job that runs for seconds, write a longer settle in the flow file.`,
  })
}
