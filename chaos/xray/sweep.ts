import type { Topology } from '#chaos/contracts/topology.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { runWithoutFaults } from './fault-free/fault-free-runs.ts'
import { flowNamed } from './flow-named.ts'
import { resultLooks } from './judging/cell-results.ts'
import { groupClasses } from './judging/group-classes.ts'
import { historyOf } from './judging/history.ts'
import type { Cell, Matrix, FlowStep, Summary } from './matrix.ts'
import type { ObservedFlow } from './observe-flow.ts'
import type { Baseline } from './planning/baseline.ts'
import { byUrgency, byWorth } from './planning/by-urgency.ts'
import { type MatrixColumn, columns as allColumns } from './planning/columns.ts'
import { foreground } from './planning/foreground.ts'
import { type Pruned, prunedBy } from './planning/prune.ts'
import type { QuickCell } from './planning/quick-cells.ts'
import { inapplicable } from './planning/trap-at.ts'
import { runPlan } from './run-plan.ts'
import type { XraySandbox } from './xray-sandbox.ts'

export interface SweepOptions {
  /** Name of the flow in the system. */
  readonly flow: string
  readonly mode: 'full' | 'quick'
  readonly variant: string
  /** Prepared. The first one runs the baseline; all of them run cells. */
  readonly sandboxes: readonly XraySandbox[]
  readonly clock: Clock
  /** The cells to run, by id (`s07/reply-cut`) or by signature (`POST /charges/reply-cut`); absent: all. */
  readonly only?: ReadonlySet<string>
  /** Cells that have not begun after this time do not run; absent: all run. A cell that is not good then runs again. */
  readonly budgetMs?: number
  /** What begins before the first cell, in words. */
  onStatus?(text: string): void
  onProgress?(progress: SweepProgress): void
}

type WithoutFault = Pick<Matrix, 'steps' | 'background' | 'baseline' | 'learned'>

export interface SweepProgress extends WithoutFault {
  readonly phase: 'baseline' | 'cells' | 'done'
  /** Cells with a result so far, and cells that are not run. */
  readonly cells: readonly Cell[]
  readonly total: number
  readonly elapsedMs: number
  /** Estimated from the cells that have run. */
  readonly leftMs?: number
}

/** Runs the whole matrix. Throws when the flow fails without a fault: no cell could then prove anything. */
export async function sweep(options: SweepOptions): Promise<Matrix> {
  const { sandboxes, clock, mode } = options
  const [first, ...others] = sandboxes
  if (first === undefined) throw new RangeError('A sweep needs at least one sandbox.')
  const { system } = first.sandbox
  const { topology } = system
  const subject = system.xray?.words?.subject
  const fromMs = clock.now()
  const startedAt = new Date(clock.wallTimeMs()).toISOString()
  const { budgetMs = Infinity } = options
  const named = flowNamed(system, options.flow)
  const faultFree = await runWithoutFaults([first, ...others], named, fromMs, options)
  const { flow, baseline, runs } = faultFree
  const { learned } = flow.learning ?? {}
  const plan = planCells(baseline.steps, options, subject)
  const cells = new Map<string, Cell>(plan.settled.map((cell) => [cell.id, cell]))
  const cellsFromMs = clock.now()
  const withoutFault = {
    steps: baseline.steps,
    background: baseline.background,
    baseline: summariseRuns(runs, baseline, topology),
    ...(learned && { learned }),
  }
  const progress = (phase: SweepProgress['phase'], ran = 0): void => {
    const total = plan.toRun.length + plan.settled.length
    const times = timesAt(clock.now(), { fromMs, cellsFromMs, ran, toRun: plan.toRun.length })
    options.onProgress?.({ phase, ...withoutFault, cells: [...cells.values()], total, ...times })
  }
  progress('baseline')
  const all = (): readonly Cell[] =>
    plan.order.map((id) => cells.get(id)).filter((cell) => cell !== undefined)
  const { count, stopped } = await runPlan({
    toRun: plan.toRun,
    cells,
    all,
    sandboxes: [first, ...others],
    known: { flow, baseline, subject },
    mode,
    isBounded: budgetMs < Infinity,
    isOver: () => clock.now() - fromMs >= budgetMs,
    onCell: (ran) => progress('cells', ran),
  })
  const grouped = groupClasses(all(), system.xray?.words?.meanings)
  const seconds = (clock.now() - fromMs) / 1_000
  progress('done')
  return {
    ...headOf(options, first),
    startedAt,
    ...withoutFault,
    columns: allColumns.map(({ id }) => id),
    cells: grouped.cells,
    classes: grouped.classes,
    summary: { ...summarise(grouped.cells, count, seconds), ...(stopped && { stopped }) },
  }
}

/** The time that has passed, and what is left at the speed of the cells so far. */
function timesAt(
  nowMs: number,
  {
    fromMs,
    cellsFromMs,
    ran,
    toRun,
  }: Readonly<Record<'fromMs' | 'cellsFromMs' | 'ran' | 'toRun', number>>,
): Pick<SweepProgress, 'elapsedMs' | 'leftMs'> {
  const elapsedMs = nowMs - fromMs
  if (ran === 0) return { elapsedMs }
  return { elapsedMs, leftMs: ((nowMs - cellsFromMs) / ran) * (toRun - ran) }
}

function headOf({ flow, mode, variant, sandboxes }: SweepOptions, first: XraySandbox) {
  return {
    v: 1,
    kind: 'failure-matrix',
    flow,
    variant,
    code: first.setup.exercise ?? null,
    mode,
    env: {
      node: process.version,
      sandboxes: sandboxes.length,
      timersScaled: first.sandbox.system.xray?.timers ?? {},
      netsOff: first.setup.off,
    },
  } as const
}

function summariseRuns(
  runs: readonly ObservedFlow[],
  baseline: Baseline,
  topology: Topology,
): Matrix['baseline'] {
  return {
    runs: runs.length,
    exchanges: runs.map((run) => foreground(run, baseline.idle, topology).length),
    ms: runs.map(({ settledAfterMs }) => Math.round(settledAfterMs ?? 0)),
    history: historyOf(runs.at(-1) as ObservedFlow, baseline, topology),
  }
}

interface Plan {
  readonly toRun: readonly QuickCell[]
  /** Cells that do not run, each with its reason. */
  readonly settled: readonly Cell[]
  /** Ids of all cells, row by row. */
  readonly order: readonly string[]
}

/** Plans the cells, and the sequence in which they run. */
function planCells(
  steps: readonly FlowStep[],
  { mode, only, budgetMs }: Pick<SweepOptions, 'mode' | 'only' | 'budgetMs'>,
  subject: string | undefined,
): Plan {
  const all = steps
    .flatMap((step) =>
      allColumns.map((column) => ({ step, column, id: `${step.id}/${column.id}` })),
    )
    .filter(
      ({ id, step, column }) =>
        only === undefined || only.has(id) || only.has(`${step.signature}/${column.id}`),
    )
  if (all.length === 0)
    throw new InputError(`No cell of this X-ray is ${[...(only ?? [])].join(' or ')}.`, {
      remedy: 'Name cells as STEP/COLUMN or MESSAGE/COLUMN, for example POST /charges/reply-cut.',
    })
  const prune = (step: FlowStep, column: MatrixColumn): Pruned | undefined =>
    mode === 'quick' ? prunedBy(step, column, steps) : undefined
  const settled: Cell[] = []
  const toRun: QuickCell[] = []
  for (const { step, column, id } of all) {
    const base = { id, step: step.id, column: column.id }
    const why = inapplicable(step, column, subject)
    const pruned = prune(step, column)
    if (why !== undefined) settled.push({ ...base, result: 'n/a', why })
    else if (pruned !== undefined)
      settled.push({ ...base, result: 'pruned', ...lastOf(pruned, all, prune) })
    else toRun.push({ step, column })
  }
  return {
    toRun: budgetMs === undefined ? byUrgency(toRun, mode) : byWorth(toRun),
    settled,
    order: all.map(({ id }) => id),
  }
}

/**
 * The cell that represents this one may be pruned itself: follows the chain to the cell that runs,
 * and joins the rules.
 */
function lastOf(
  pruned: Pruned,
  all: readonly { readonly id: string; readonly step: FlowStep; readonly column: MatrixColumn }[],
  prune: (step: FlowStep, column: MatrixColumn) => Pruned | undefined,
): Pruned {
  const other = all.find(({ id }) => id === pruned.sameAs)
  const next = other === undefined ? undefined : prune(other.step, other.column)
  if (next === undefined) return pruned
  const last = lastOf(next, all, prune)
  return { sameAs: last.sameAs, rule: `${pruned.rule}; ${last.rule}` }
}

function summarise(cells: readonly Cell[], runs: number, seconds: number): Summary {
  const count = (test: (cell: Cell) => boolean): number => cells.filter(test).length
  const colour = (cell: Cell): string => resultLooks[cell.result].colour
  return {
    cells: cells.length,
    ran: count(({ result }) => result !== 'n/a' && result !== 'pruned' && result !== 'not-run'),
    pruned: count(({ result }) => result === 'pruned'),
    notApplicable: count(({ result }) => result === 'n/a'),
    notFired: count(({ result }) => result === 'not-fired'),
    integrity: count((cell) => colour(cell) === 'red'),
    liveness: count((cell) => colour(cell) === 'orange'),
    ok: count((cell) => colour(cell).endsWith('green')),
    more: count((cell) => colour(cell) === 'yellow'),
    notRun: count(({ result }) => result === 'not-run'),
    sensitive: count(({ timingSensitive }) => timingSensitive === true),
    errors: count(({ result }) => result === 'harness-error'),
    runs,
    seconds: Math.round(seconds * 10) / 10,
  }
}
