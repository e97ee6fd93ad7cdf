import { isBad, rankOf } from './judging/cell-results.ts'
import { flowResult } from './judging/flow-result.ts'
import { historyOf, newStepsOf } from './judging/history.ts'
import type { Cell, FlowStep } from './matrix.ts'
import type { ObservedOrder } from './place-observed-order.ts'
import type { Baseline } from './planning/baseline.ts'
import type { MatrixColumn } from './planning/columns.ts'
import type { FlowName } from './planning/flows.ts'
import { trapAt } from './planning/trap-at.ts'
import { storyOf } from './showing/story.ts'
import type { XraySandbox } from './xray-sandbox.ts'

export interface CellRequest {
  readonly sandbox: XraySandbox
  readonly flow: FlowName
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
  /** An order that has sent no message for this time is `stuck`. */
  readonly stillMaxMs?: number
  /** Called for every order that is placed for the cell. */
  onRun?(): void
}

/**
 * Runs one cell: places an order with the trap and judges it. A cell that is bad or did not fire
 * runs three times. A cell that is `ok` runs twice, because whether the shop retries depends on
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
  let placed: ObservedOrder
  try {
    const { stillMaxMs } = request
    const limits = stillMaxMs === undefined ? {} : { stillMaxMs }
    placed = await sandbox.place(request.flow, trapAt(step, column), limits)
  } catch (error) {
    sandbox.setup.signal.throwIfAborted()
    await sandbox.prepare()
    return { ...base, result: 'harness-error', why: String(error) }
  }
  if (placed.error !== undefined)
    return { ...base, result: 'harness-error', why: placed.error, wallMs: placed.wallMs }
  const cell = describe(request, placed, base)
  // An order that is not settled would go on during the next order.
  if (cell.result === 'stuck') await sandbox.prepare()
  return cell
}

function describe(
  { flow, step, column, baseline }: CellRequest,
  placed: ObservedOrder,
  base: Pick<Cell, 'id' | 'step' | 'column'>,
): Cell {
  const wallMs = Math.round(placed.wallMs)
  const { sprung } = placed
  if (sprung === undefined)
    return { ...base, result: 'not-fired', why: `the order did not send ${step.key}`, wallMs }
  const newSteps = newStepsOf(placed, baseline)
  const { result, violations, global } = flowResult(flow, placed, newSteps.length > 0)
  const history = historyOf(placed, baseline, column.id)
  const cell: Cell = {
    ...base,
    result,
    client: placed.ack.outcome,
    local: localWords(placed, newSteps),
    global,
    violations,
    firedAtMs: Math.round(sprung.atMs - placed.startMs),
    settledAfterMs: placed.settledAfterMs === null ? null : Math.round(placed.settledAfterMs),
    wallMs,
    restarts: placed.restarts,
    newSteps,
    sprungOn: { link: sprung.event.link ?? '', connection: sprung.event.connection ?? 0 },
    history,
  }
  return { ...cell, story: storyOf(cell, step) }
}

function localWords({ restarts, ack }: ObservedOrder, newSteps: readonly string[]): string {
  const client = ack.attempts.map(({ result }) => result).join(', then ')
  return [
    `client: ${client}`,
    ...restarts.map((instance) => `${instance} exited`),
    ...(newSteps.length > 0 ? [`${newSteps.length} additional exchanges`] : []),
  ].join('; ')
}
