import type { Flow } from '#chaos/contracts/system/flow.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Cell } from './matrix.ts'
import type { Baseline } from './planning/baseline.ts'
import { stillMaxMs } from './planning/patience.ts'
import { quickCellSettled, quickCellsToConfirm, type QuickCell } from './planning/quick-cells.ts'
import { confirmCell, runCell } from './run-cell.ts'
import type { XraySandbox } from './xray-sandbox.ts'

export interface PlanRequest {
  readonly toRun: readonly QuickCell[]
  /** By id. Receives the cells that have run. */
  readonly cells: Map<string, Cell>
  /** Those with a result, in the order of the matrix. */
  all(): readonly Cell[]
  readonly sandboxes: readonly [XraySandbox, ...(readonly XraySandbox[])]
  /** What the runs without a fault have shown. */
  readonly known: {
    readonly flow: Flow
    readonly baseline: Baseline
    readonly subject: string | undefined
  }
  readonly mode: 'full' | 'quick'
  /** There is a budget. */
  readonly isBounded: boolean
  /** The budget has ended. */
  isOver(): boolean
  /** Called after each cell with the number of cells that have run. */
  onCell(ran: number): void
}

export interface RunPlan {
  /** Runs of the flow, including repeated ones. */
  readonly count: number
  /** Why not all cells ran, if it was not the budget. */
  readonly stopped?: string
}

/**
 * Runs the planned cells, and those again that need a second run. A system that does not become ready again ends it: the cells
 * that have run keep their results.
 */
export async function runPlan(request: PlanRequest): Promise<RunPlan> {
  const { toRun, cells, sandboxes, known, mode, isBounded } = request
  const [first] = sandboxes
  const isOnce = mode === 'quick' || isBounded
  let count = 0
  let ran = 0
  let stopped: string | undefined
  const everyCell = {
    ...known,
    ...(isOnce ? { confirmOk: false, confirmBad: false, stillMaxMs } : {}),
    onRun: () => count++,
  }
  /** The result of `run`, or `otherwise` when the system does not become ready again. */
  const unlessStopped = async (
    run: Promise<Cell>,
    otherwise: (why: string) => Cell,
  ): Promise<Cell> => {
    try {
      return await run
    } catch (error) {
      first.setup.signal.throwIfAborted()
      if (ran === 0) throw error
      return otherwise((stopped ??= messageOf(error)))
    }
  }
  const cellOf = async (sandbox: XraySandbox, next: QuickCell): Promise<Cell> => {
    const settled = mode === 'full' ? undefined : quickCellSettled(next, cells, known.subject)
    if (settled !== undefined) return settled
    const why = stopped ?? (request.isOver() ? 'the budget ended before this cell' : undefined)
    if (why !== undefined) return notRun(next, why)
    const run = runCell({ sandbox, ...everyCell, ...next })
    return await unlessStopped(run, (because) => notRun(next, because))
  }
  await inParallel(sandboxes, toRun, async (sandbox, next) => {
    const cell = await cellOf(sandbox, next)
    cells.set(cell.id, cell)
    ran += 1
    request.onCell(ran)
  })
  if (isOnce)
    await inParallel(
      sandboxes,
      quickCellsToConfirm(request.all(), toRun),
      async (sandbox, next) => {
        if (stopped !== undefined || request.isOver()) return
        const again = confirmCell({ sandbox, ...everyCell, ...next }, next.cell)
        const cell = await unlessStopped(again, () => next.cell)
        cells.set(cell.id, cell)
      },
    )
  return { count, ...(stopped === undefined ? {} : { stopped }) }
}

function notRun({ step, column }: QuickCell, why: string): Cell {
  return { id: `${step.id}/${column.id}`, step: step.id, column: column.id, result: 'not-run', why }
}

async function inParallel<Work>(
  sandboxes: readonly XraySandbox[],
  works: readonly Work[],
  act: (sandbox: XraySandbox, work: Work) => Promise<void>,
): Promise<void> {
  const queue = works.slice()
  await Promise.all(
    sandboxes.map(async (sandbox) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        await act(sandbox, next)
    }),
  )
}
