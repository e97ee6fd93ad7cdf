import { isBad, rankOf } from './judging/cell-results.ts'
import { courseOf, newStepsOf } from './judging/course.ts'
import { orderResult, truthOf } from './judging/order-result.ts'
import type { Cell, Step } from './matrix.ts'
import type { ObservedOrder } from './place-observed-order.ts'
import type { Baseline } from './planning/baseline.ts'
import type { Column } from './planning/columns.ts'
import type { FlowName } from './planning/flows.ts'
import { shotAt } from './planning/shots.ts'
import { storyOf } from './showing/story.ts'
import type { XraySandbox } from './xray-sandbox.ts'

export interface CellRequest {
  readonly stack: XraySandbox
  readonly flow: FlowName
  readonly baseline: Baseline
  readonly step: Step
  readonly column: Column
  /** How often what is not good is done in all; 3 when absent. */
  readonly runs?: number
  /** False: what was as if nothing had happened is believed at once. */
  readonly confirmOk?: boolean
  /** Told of every order that was placed for it. */
  onRun?(): void
}

/**
 * One cell: an order with the trap, judged. What is bad or never fired is done twice more; so is what was as if nothing had
 * happened, once: whether another attempt was needed is what depends on timing most.
 */
export async function runCell(order: CellRequest): Promise<Cell> {
  const first = await runOnce(order)
  const wanted = runsWanted(first.verdict, order)
  if (wanted === 1) return first
  const runs = [first]
  while (runs.length < wanted) runs.push(await runOnce(order))
  // The worst that was seen is what the cell is about.
  const worst = runs.toSorted((a, b) => rankOf(a.verdict) - rankOf(b.verdict))[0] ?? first
  const same = runs.filter(({ verdict }) => verdict === worst.verdict).length
  const confirmed = `${same}/${runs.length}`
  if (same === runs.length) return { ...worst, confirmed }
  return { ...worst, confirmed, timingSensitive: true, seen: runs.map(({ verdict }) => verdict) }
}

function runsWanted(
  verdict: Cell['verdict'],
  { runs: most = 3, confirmOk = true }: Pick<CellRequest, 'runs' | 'confirmOk'>,
): number {
  if (isBad(verdict) || verdict === 'not-fired') return most
  return verdict === 'ok' && confirmOk ? Math.min(2, most) : 1
}

async function runOnce(order: CellRequest): Promise<Cell> {
  const { stack, step, column } = order
  const base = { id: `${step.id}/${column.id}`, step: step.id, column: column.id }
  order.onRun?.()
  let placed: ObservedOrder
  try {
    placed = await stack.place(order.flow, shotAt(step, column))
  } catch (error) {
    stack.setup.signal.throwIfAborted()
    await stack.prepare()
    return { ...base, verdict: 'harness-error', why: String(error) }
  }
  if (placed.error !== undefined)
    return { ...base, verdict: 'harness-error', why: placed.error, wallMs: placed.wallMs }
  const cell = describe(order, placed, base)
  // What is still moving would finish in the middle of the next order.
  if (cell.verdict === 'stuck') await stack.prepare()
  return cell
}

function describe(
  { step, column, baseline }: CellRequest,
  placed: ObservedOrder,
  base: Pick<Cell, 'id' | 'step' | 'column'>,
): Cell {
  const wallMs = Math.round(placed.wallMs)
  const { sprung } = placed
  if (sprung === undefined)
    return { ...base, verdict: 'not-fired', why: `${step.key} did not come`, wallMs }
  const newSteps = newStepsOf(placed, baseline)
  const truth = truthOf(placed.key, placed.before, placed.truth)
  const { verdict, violations, global } = orderResult(placed, truth, newSteps.length > 0)
  const course = courseOf(placed, baseline, column.id)
  const cell: Cell = {
    ...base,
    verdict,
    client: placed.ack.outcome,
    local: localWords(placed, newSteps),
    global,
    violations,
    firedAtMs: Math.round(sprung.atMs - placed.startMs),
    quietAfterMs: placed.quietAfterMs === null ? null : Math.round(placed.quietAfterMs),
    wallMs,
    restarts: placed.restarts,
    newSteps,
    sprungOn: { link: sprung.event.link ?? '', connection: sprung.event.connection ?? 0 },
    course,
  }
  return { ...cell, story: storyOf(cell, step) }
}

function localWords({ restarts, ack }: ObservedOrder, newSteps: readonly string[]): string {
  const client = ack.attempts.map(({ result }) => result).join(', then ')
  return [
    `client: ${client}`,
    ...restarts.map((instance) => `${instance} died`),
    ...(newSteps.length > 0 ? [`${newSteps.length} further exchanges`] : []),
  ].join('; ')
}
