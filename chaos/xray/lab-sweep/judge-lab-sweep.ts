import type { XrayWords } from '#chaos/contracts/system/flow.ts'
import type { Zero } from '#chaos/engine/run-zero.ts'
import type { SweepResult } from '#chaos/engine/run/run-request.ts'

import { isBad, resultLooks } from '../judging/cell-results.ts'
import type { Cell } from '../matrix.ts'
import { faultName, faultWords, resultWords, storyOfCase } from './case-words.ts'
import type { LabSweepPlan, SweptCase } from './plan-lab-sweep.ts'

/** A case that ran, and what its cell says about the judged code. */
export interface JudgedCase {
  readonly swept: SweptCase
  readonly cell: Cell
  readonly decision: CaseDecision
}

/** `unsure`: bad, but not in enough runs. `not-run`: the fault did not happen, or the harness failed. */
export type CaseDecision = 'good' | 'violated' | 'unsure' | 'not-run'

/** The runs of a bad case that are needed at most. */
export const runsMax = 3
/** A result that a wait decides must repeat itself this often: red, and orange. */
const redRuns = 2
const orangeRuns = 3

/**
 * Decides one case. Stores that contradict each other after the run has settled are a proof. That
 * a run does not settle can depend on time: it must repeat itself, and the machine must not be the
 * cause. Right code is good in every case.
 */
export function decideCase(cell: Cell, busy: boolean): CaseDecision {
  if (cell.client === undefined) return 'not-run'
  if (!isBad(cell.result)) return 'good'
  const [same = 1] = (cell.confirmed ?? '1/1').split('/').map(Number)
  const isRed = resultLooks[cell.result].colour === 'red'
  if (isRed && (isProof(cell) || same >= redRuns)) return 'violated'
  return !isRed && same >= orangeRuns && !busy ? 'violated' : 'unsure'
}

/** Two effects are two effects whenever they are seen. Other contradictions count when the run has settled. */
function isProof({ result, settledAfterMs }: Cell): boolean {
  return result === 'double-effect' || typeof settledAfterMs === 'number'
}

/** Whether further runs of a case would not change its decision. */
export function isDecided(results: readonly Cell['result'][]): boolean {
  const count = (colour: string): number =>
    results.filter((result) => resultLooks[result].colour === colour).length
  if (count('red') >= redRuns || count('orange') >= orangeRuns) return true
  return results.length >= 2 && results.every((result) => result === 'not-fired')
}

/** The sweep as one check result. */
export function judgeLabSweep(
  { messages, faults, cases }: LabSweepPlan,
  judged: readonly JudgedCase[],
  words: XrayWords,
  /** 0 of the run, which is also 0 of the story. */
  { epochMs }: Pick<Zero, 'epochMs'>,
): SweepResult {
  const violated = judged.find(({ decision }) => decision === 'violated')
  const rest = restWords(
    cases.filter((one) => !judged.some(({ swept }) => swept === one)),
    judged,
    words,
  )
  if (violated !== undefined) {
    const { swept, cell } = violated
    const clause = `${faultWords(swept, words)}: ${resultWords(cell, words)}`
    const headline = `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${confirmedWords(cell)}.`
    const fromMs = (cell.beganMs ?? epochMs) - epochMs
    const story = storyOfCase({ cell, fromMs }, resultWords(cell, words), words)
    const { expected, actual } = story
    const offenders = [{ id: faultName(swept), expected, actual }]
    const check = { outcome: 'violated' as const, summary: headline, offenders, offendersTotal: 1 }
    return { check: { ...base, ...check }, story }
  }
  const good = judged.filter(({ decision }) => decision === 'good')
  if (good.length === 0) return sweepNotRun(`No case has a result.${rest}`)
  const tried = good.reduce((sum, { swept }) => sum + swept.decides, 0)
  const all = cases.reduce((sum, { decides }) => sum + decides, 0)
  const share = tried === all ? `all ${all} cases` : `${tried} of ${all} cases`
  return {
    check: {
      ...base,
      outcome: 'held',
      summary: `${messages.length} message${messages.length === 1 ? '' : 's'} × ${faults} faults: the result was right in ${share}.${rest}`,
      offenders: [],
      offendersTotal: 0,
    },
  }
}

/** A sweep without a result: the machine or the flow, not the judged code, may be the cause. */
export function sweepNotRun(why: string): SweepResult {
  return {
    check: {
      ...base,
      outcome: 'inconclusive',
      summary: why,
      offenders: [],
      offendersTotal: 0,
    },
  }
}

const base = { name: 'sweep', title: 'a fault at each message of this code does no harm' }

function confirmedWords({ confirmed }: Cell): string {
  return confirmed === undefined ? '' : ` (${confirmed.replace('/', ' of ')} times)`
}

const listedMax = 5

/** The cases without a clear result: what was not sure, what did not run, what had no time. */
function restWords(
  noTime: readonly SweptCase[],
  judged: readonly JudgedCase[],
  words: XrayWords,
): string {
  const unsure = judged.filter(({ decision }) => decision === 'unsure')
  const notRun = judged.filter(({ decision }) => decision === 'not-run')
  return [
    listWords(
      'Not confirmed',
      unsure.map(
        ({ swept, cell }) =>
          `${faultName(swept)}: ${resultWords(cell, words)}${confirmedWords(cell)}`,
      ),
    ),
    listWords(
      'Not run',
      notRun.map(({ swept, cell }) => `${faultName(swept)}: ${cell.why ?? 'no result'}`),
    ),
    listWords('No time for', noTime.map(faultName)),
  ].join('')
}

function listWords(title: string, names: readonly string[]): string {
  if (names.length === 0) return ''
  const more = names.length > listedMax ? ` and ${names.length - listedMax} more` : ''
  return ` ${title}: ${names.slice(0, listedMax).join(', ')}${more}.`
}
