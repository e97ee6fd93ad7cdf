import type { Clock } from '#chaos/lib/clock.ts'

import { resultLooks } from './judging/cell-results.ts'
import { courseOf } from './judging/course.ts'
import { groupClasses } from './judging/group-classes.ts'
import { orderResult, truthOf } from './judging/order-result.ts'
import type { Cell, Matrix, Step, Summary } from './matrix.ts'
import type { ObservedOrder } from './place-observed-order.ts'
import { readBaseline, type Baseline, foreground } from './planning/baseline.ts'
import { type Column, columns as allColumns } from './planning/columns.ts'
import type { FlowName } from './planning/flows.ts'
import { scaledTimers } from './planning/profile.ts'
import { type Pruned, prunedBy } from './planning/prune.ts'
import { inapplicable } from './planning/shots.ts'
import { runCell } from './run-cell.ts'
import type { XraySandbox } from './xray-sandbox.ts'

export interface SweepOptions {
  readonly flow: FlowName
  readonly mode: 'full' | 'quick'
  readonly variant: string
  /** Prepared. The first one takes the baseline; cells are shared among all. */
  readonly stacks: readonly XraySandbox[]
  readonly clock: Clock
  /** Only these cells (`s07/reply-cut`); absent: all. */
  readonly only?: ReadonlySet<string>
  onProgress?(progress: SweepProgress): void
}

export interface SweepProgress extends Pick<Matrix, 'steps' | 'background' | 'baseline'> {
  readonly phase: 'baseline' | 'cells' | 'done'
  /** Cells so far. */
  readonly cells: readonly Cell[]
  readonly total: number
  readonly elapsedMs: number
  /** Estimated from the cells that were run so far. */
  readonly leftMs?: number
}

const baselineRuns = 3
const idleMs = 1_200
const longFirst: readonly Column['act'][] = ['late', 'kill-caller', 'silence', 'kill-callee', 'cut']

/** Runs the whole matrix. Throws when the untouched flow does not hold: then no cell could say anything. */
export async function sweep(options: SweepOptions): Promise<Matrix> {
  const { flow, stacks, clock, mode } = options
  const [first] = stacks
  if (first === undefined) throw new RangeError('no stack')
  const fromMs = clock.now()
  const startedAt = new Date(clock.wallTimeMs()).toISOString()
  const { baseline, runs } = await takeBaseline(first, flow, clock)
  const plan = planCells(baseline.steps, mode, options.only)
  const cells = new Map<string, Cell>(plan.settled.map((cell) => [cell.id, cell]))
  const queue = plan.toRun.slice()
  let orders = 0
  let ran = 0
  const cellsFromMs = clock.now()
  const untouched = {
    steps: baseline.steps,
    background: baseline.background,
    baseline: summariseRuns(runs, baseline),
  }
  const progress = (phase: SweepProgress['phase']): void => {
    const elapsedMs = clock.now() - fromMs
    const perCellMs = ran === 0 ? undefined : (clock.now() - cellsFromMs) / ran
    options.onProgress?.({
      phase,
      ...untouched,
      cells: [...cells.values()],
      total: plan.toRun.length + plan.settled.length,
      elapsedMs,
      ...(perCellMs === undefined ? {} : { leftMs: perCellMs * (plan.toRun.length - ran) }),
    })
  }
  progress('baseline')
  const everyCell = { flow, baseline, confirmOk: mode === 'full', onRun: () => orders++ }
  await Promise.all(
    stacks.map(async (stack) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const cell = await runCell({ stack, ...everyCell, ...next })
        cells.set(cell.id, cell)
        ran += 1
        progress('cells')
      }
    }),
  )
  const sorted = plan.order.map((id) => cells.get(id)).filter((cell) => cell !== undefined)
  const grouped = groupClasses(sorted)
  const seconds = (clock.now() - fromMs) / 1_000
  progress('done')
  return {
    v: 1,
    kind: 'failure-matrix',
    flow,
    variant: options.variant,
    code: first.setup.exercise ?? null,
    mode,
    startedAt,
    env: {
      node: process.version,
      stacks: stacks.length,
      timersScaled: scaledTimers,
      netsOff: first.setup.off,
    },
    ...untouched,
    columns: allColumns.map(({ id }) => id),
    cells: grouped.cells,
    classes: grouped.classes,
    summary: summarise(grouped.cells, orders, seconds),
  }
}

/** Untouched runs; they must hold, and they must look alike. */
export async function takeBaseline(
  stack: XraySandbox,
  flow: FlowName,
  clock: Clock,
): Promise<{ readonly baseline: Baseline; readonly runs: readonly ObservedOrder[] }> {
  await stack.warm()
  stack.recorder.clear()
  await clock.sleep(idleMs, stack.setup.signal)
  const idle = {
    exchanges: stack.recorder.exchanges.map(({ event }) => event),
    seconds: idleMs / 1_000,
  }
  const runs: ObservedOrder[] = []
  for (let i = 0; i < baselineRuns; i++) {
    const placed = await stack.place(flow)
    const { verdict, global } = orderResult(
      placed,
      truthOf(placed.key, placed.before, placed.truth),
      false,
    )
    if (verdict !== 'ok')
      throw new Error(
        `The untouched flow does not hold: ${resultLooks[verdict].meaning} (${global}). Nothing was looked at.`,
      )
    runs.push(placed)
  }
  const baseline = readBaseline(runs, idle)
  if (baseline.steps.length === 0)
    throw new Error('No exchange is the same in every untouched run.')
  return { baseline, runs }
}

function summariseRuns(runs: readonly ObservedOrder[], baseline: Baseline): Matrix['baseline'] {
  return {
    runs: runs.length,
    exchanges: runs.map((run) => foreground(run, baseline.idle).length),
    ms: runs.map(({ quietAfterMs }) => Math.round(quietAfterMs ?? 0)),
    course: courseOf(runs.at(-1) as ObservedOrder, baseline),
  }
}

interface Plan {
  readonly toRun: readonly { readonly step: Step; readonly column: Column }[]
  /** Cells that are not run, with the reason. */
  readonly settled: readonly Cell[]
  /** Ids of all cells, row by row. */
  readonly order: readonly string[]
}

/**
 * What changes something first, and there the losses that nobody hears of: that is where the worst is found. Among equals
 * those that take long: the last ones are short, so that no stack waits for the other.
 */
function planCells(
  steps: readonly Step[],
  mode: SweepOptions['mode'],
  only: SweepOptions['only'],
): Plan {
  const all = steps
    .flatMap((step) =>
      allColumns.map((column) => ({ step, column, id: `${step.id}/${column.id}` })),
    )
    .filter(({ id }) => only === undefined || only.has(id))
  const prune = (step: Step, column: Column): Pruned | undefined =>
    mode === 'quick' ? prunedBy(step, column, steps) : undefined
  const settled: Cell[] = []
  const toRun: { step: Step; column: Column }[] = []
  for (const { step, column, id } of all) {
    const base = { id, step: step.id, column: column.id }
    const why = inapplicable(step, column)
    const pruned = prune(step, column)
    if (why !== undefined) settled.push({ ...base, verdict: 'n/a', why })
    else if (pruned !== undefined)
      settled.push({ ...base, verdict: 'pruned', ...lastOf(pruned, all, prune) })
    else toRun.push({ step, column })
  }
  const urgency = ({ step, column }: { step: Step; column: Column }): number =>
    (step.write ? 0 : 2) + (column.id === 'reply-cut' || column.id === 'caller-dies-after' ? 0 : 1)
  const duration = ({ column }: { column: Column }): number => longFirst.indexOf(column.act)
  return {
    toRun: toRun.toSorted((a, b) => urgency(a) - urgency(b) || duration(a) - duration(b)),
    settled,
    order: all.map(({ id }) => id),
  }
}

/** A cell may stand for another that is left out itself: the one that is run in the end counts, for all the reasons. */
function lastOf(
  pruned: Pruned,
  all: readonly { readonly id: string; readonly step: Step; readonly column: Column }[],
  prune: (step: Step, column: Column) => Pruned | undefined,
): Pruned {
  const other = all.find(({ id }) => id === pruned.sameAs)
  const next = other === undefined ? undefined : prune(other.step, other.column)
  if (next === undefined) return pruned
  const last = lastOf(next, all, prune)
  return { sameAs: last.sameAs, rule: `${pruned.rule}; ${last.rule}` }
}

function summarise(cells: readonly Cell[], runs: number, seconds: number): Summary {
  const count = (test: (cell: Cell) => boolean): number => cells.filter(test).length
  const colour = (cell: Cell): string => resultLooks[cell.verdict].colour
  return {
    cells: cells.length,
    ran: count(({ verdict }) => verdict !== 'n/a' && verdict !== 'pruned'),
    pruned: count(({ verdict }) => verdict === 'pruned'),
    notApplicable: count(({ verdict }) => verdict === 'n/a'),
    notFired: count(({ verdict }) => verdict === 'not-fired'),
    integrity: count((cell) => colour(cell) === 'red'),
    liveness: count((cell) => colour(cell) === 'orange'),
    ok: count((cell) => colour(cell).endsWith('green')),
    sensitive: count(({ timingSensitive }) => timingSensitive === true),
    errors: count(({ verdict }) => verdict === 'harness-error'),
    runs,
    seconds: Math.round(seconds * 10) / 10,
  }
}
