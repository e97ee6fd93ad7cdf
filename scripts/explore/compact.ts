import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { CheckResult } from '#chaos/contracts/verdict.ts'
import { runChart } from '#chaos/report/run-chart.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'

import { cellIdOf } from './cells.ts'
import type { RecordedRun, RecordedXray } from './recording.ts'
import { faults, predicted } from './versions.ts'

/** What the page needs of an X-ray. Only the cells that it draws keep their history. */
export function compactXray(matrix: Matrix): RecordedXray {
  const drawn = new Set([...faults, ...predicted].map((shown) => cellIdOf({ xray: matrix }, shown)))
  return {
    flow: matrix.flow,
    mode: matrix.mode,
    startedAt: matrix.startedAt,
    node: matrix.env.node,
    steps: matrix.steps.map(({ id, link, signature, nth }) => ({ id, link, signature, nth })),
    cells: matrix.cells.map((cell) => ({
      id: cell.id,
      result: cell.result,
      ...(cell.sameAs === undefined ? {} : { sameAs: cell.sameAs }),
      ...(cell.why === undefined ? {} : { why: cell.why }),
      ...(cell.story === undefined ? {} : { story: cell.story }),
      ...(drawn.has(cell.id) && cell.history !== undefined ? { history: cell.history } : {}),
    })),
    known: [
      ...new Set(matrix.baseline.history.flatMap(({ key }) => (key === undefined ? [] : [key]))),
    ],
  }
}

export interface RunFiles {
  readonly run: {
    readonly startedAt: string
    readonly seed: number
    readonly outcome: string | null
    readonly headline: string | null
    readonly checks: readonly CheckResult[]
  }
  readonly history: readonly Operation[]
  readonly journal: readonly SandboxEvent[]
}

/** What the page needs of a run. `lost`: the check that names the lost orders. */
export function compactRun({ run, history, journal }: RunFiles): RecordedRun {
  const check = run.checks.find(({ name }) => name === 'no-lost-orders')
  if (check === undefined) throw new Error('The run has no check no-lost-orders.')
  const lost = new Set((check.offenders ?? []).map(({ id }) => id))
  const chart = runChart(journal)
  if (chart === undefined) throw new Error('The journal has no operation.')
  return {
    startedAt: run.startedAt,
    seed: run.seed,
    outcome: run.outcome ?? 'none',
    headline: run.headline ?? '',
    checks: run.checks.map(({ title, outcome, summary }) => ({ title, outcome, summary })),
    orders: history
      .filter(({ kind, outcome }) => kind === 'place-order' && outcome === 'ok')
      .toSorted((a, b) => a.startMs - b.startMs)
      .map(({ startMs, attempts, orderId }) => ({
        startMs: Math.round(startMs),
        attempts: attempts.length,
        isLost: lost.has(orderId ?? ''),
      })),
    faults: chart.bands.map(({ label, fromMs, toMs }) => ({
      label,
      fromMs: Math.round(fromMs),
      toMs: Math.round(toMs),
    })),
  }
}
