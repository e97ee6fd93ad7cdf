import type { Flow } from '#chaos/contracts/system/flow.ts'

import { isBad, rankOf } from './judging/cell-results.ts'
import { flowResult } from './judging/flow-result.ts'
import { historyOf, newStepsOf } from './judging/history.ts'
import type { Cell, FlowStep } from './matrix.ts'
import type { ObservedFlow } from './observe-flow.ts'
import type { Baseline } from './planning/baseline.ts'
import type { MatrixColumn } from './planning/columns.ts'
import { trapAt } from './planning/trap-at.ts'
import { storyOf } from './showing/story.ts'
import type { XraySandbox } from './xray-sandbox.ts'

export interface CellRequest {
  readonly sandbox: XraySandbox
  readonly flow: Flow
  readonly baseline: Baseline
  readonly step: FlowStep
  readonly column: MatrixColumn
  /** How often a cell that is not good runs, in all; 3 when absent. */
  readonly runs?: number
  /** False: a cell that is `ok` runs once. */
  readonly confirmOk?: boolean
  /** Whether these results need no further run; absent: all runs take place. */
  readonly isDecided?: (results: readonly Cell['result'][]) => boolean
  /** False: a bad cell runs once. `confirmCell` runs it again. */
  readonly confirmBad?: boolean
  /** A run that has sent no message for this time is `stuck`. */
  readonly stillMaxMs?: number
  /** Called for every run of the flow. */
  onRun?(): void
}

/**
 * Runs one cell: runs the flow with the trap and judges the run. A cell that is bad or did not fire
 * runs three times. A cell that is `ok` runs twice, because whether a system retries depends on
 * timing more than anything else.
 */
export async function runCell(request: CellRequest): Promise<Cell> {
  const first = await runOnce(request)
  const wanted = runsWanted(first.result, request)
  if (wanted === 1) return first
  const runs: [Cell, ...Cell[]] = [first]
  const isDecided = (): boolean => request.isDecided?.(runs.map(({ result }) => result)) === true
  while (runs.length < wanted && !isDecided()) runs.push(await runOnce(request))
  return worstOf(runs)
}

/** Runs a cell that has run once again: once, or twice when the two results differ. */
export async function confirmCell(request: CellRequest, first: Cell): Promise<Cell> {
  const runs: [Cell, ...Cell[]] = [first, await runOnce(request)]
  if (runs[1]?.result !== first.result) runs.push(await runOnce(request))
  return worstOf(runs)
}

function worstOf(runs: readonly [Cell, ...Cell[]]): Cell {
  // The worst result is the result of the cell.
  const worst = runs.toSorted((a, b) => rankOf(a.result) - rankOf(b.result))[0] ?? runs[0]
  const same = runs.filter(({ result }) => result === worst.result).length
  const confirmed = `${same}/${runs.length}`
  if (same === runs.length) return { ...worst, confirmed }
  return { ...worst, confirmed, timingSensitive: true, seen: runs.map(({ result }) => result) }
}

function runsWanted(
  result: Cell['result'],
  {
    runs: most = 3,
    confirmOk = true,
    confirmBad = true,
  }: Pick<CellRequest, 'runs' | 'confirmOk' | 'confirmBad'>,
): number {
  if (isBad(result) && !confirmBad) return 1
  if (isBad(result) || result === 'not-fired') return most
  return result === 'ok' && confirmOk ? Math.min(2, most) : 1
}

async function runOnce(request: CellRequest): Promise<Cell> {
  const { sandbox, step, column } = request
  const base = { id: `${step.id}/${column.id}`, step: step.id, column: column.id }
  request.onRun?.()
  let observed: ObservedFlow
  try {
    const { stillMaxMs } = request
    const limits = stillMaxMs === undefined ? {} : { stillMaxMs }
    observed = await sandbox.observe(
      request.flow,
      trapAt(step, column, sandbox.sandbox.system.topology),
      limits,
    )
  } catch (error) {
    sandbox.setup.signal.throwIfAborted()
    await sandbox.prepare()
    return { ...base, result: 'harness-error', why: String(error) }
  }
  if (observed.error !== undefined)
    return { ...base, result: 'harness-error', why: observed.error, wallMs: observed.wallMs }
  const cell = describe(request, observed, base)
  // A run that has not settled would go on during the next one.
  if (cell.result === 'stuck') await sandbox.prepare()
  else if (hasOtherRows(cell)) sandbox.leftOtherRows()
  return cell
}

/** Only missing rows: nothing has happened. */
function hasOtherRows({ evidence = [] }: Cell): boolean {
  return !evidence.every(({ sign }) => sign === ' ') && !evidence.every(({ sign }) => sign === '-')
}

function describe(
  { sandbox, flow, step, column, baseline }: CellRequest,
  observed: ObservedFlow,
  base: Pick<Cell, 'id' | 'step' | 'column'>,
): Cell {
  const wallMs = Math.round(observed.wallMs)
  const { sprung } = observed
  const { system } = sandbox.sandbox
  const { topology, xray } = system
  if (sprung === undefined)
    return {
      ...base,
      result: 'not-fired',
      why: `the ${xray?.words?.subject ?? 'flow'} did not send ${step.key}`,
      wallMs,
    }
  const newSteps = newStepsOf(observed, baseline, topology)
  const { result, violations, global, evidence } = flowResult({
    flow,
    observed,
    retried: newSteps.length > 0,
    topology,
  })
  const history = historyOf(observed, baseline, topology, column.id)
  const cell: Cell = {
    ...base,
    result,
    client: observed.ack.outcome,
    local: localWords(observed, newSteps),
    global,
    violations,
    ...(evidence === undefined ? {} : { evidence }),
    firedAtMs: Math.round(sprung.atMs - observed.startMs),
    settledAfterMs: observed.settledAfterMs === null ? null : Math.round(observed.settledAfterMs),
    wallMs,
    restarts: observed.restarts,
    newSteps,
    sprungOn: { link: sprung.event.link ?? '', connection: sprung.event.connection ?? 0 },
    history,
    beganMs: observed.startMs,
  }
  return { ...cell, story: storyOf(cell, step, system) }
}

function localWords({ restarts, ack }: ObservedFlow, newSteps: readonly string[]): string {
  const client = ack.attempts.map(({ result }) => result).join(', then ')
  return [
    `client: ${client}`,
    ...restarts.map((instance) => `${instance} exited`),
    ...(newSteps.length > 0 ? [`${newSteps.length} additional exchanges`] : []),
  ].join('; ')
}
