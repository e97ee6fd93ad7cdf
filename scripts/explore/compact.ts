import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { clockOfRun } from '#chaos/contracts/run-clock.ts'
import type { CheckResult } from '#chaos/contracts/verdict.ts'
import { describeActiveFault } from '#chaos/report/describe-active-fault.ts'
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
      ...(cell.confirmed === undefined ? {} : { confirmed: cell.confirmed }),
      ...(cell.sameAs === undefined ? {} : { sameAs: cell.sameAs }),
      ...(cell.rule === undefined ? {} : { rule: cell.rule }),
      ...(cell.why === undefined ? {} : { why: cell.why }),
      ...(cell.global === undefined ? {} : { global: cell.global }),
      ...(cell.local === undefined ? {} : { local: cell.local }),
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
    faults: faultsOf(journal),
  }
}

function faultsOf(journal: readonly SandboxEvent[]): RecordedRun['faults'] {
  const clock = clockOfRun(journal)
  const last = journal.at(-1)
  if (clock === undefined || last === undefined)
    throw new Error('The journal has no event with the zero of the run.')
  return journal.flatMap((event) => {
    if (event.type !== 'fault' || event.what !== 'injected') return []
    const healed = journal.find(
      (one) => one.type === 'fault' && one.what === 'healed' && one.fault.id === event.fault.id,
    )
    return [
      {
        label: describeActiveFault(event.fault),
        fromMs: Math.round(clock.msOfEvent(event)),
        toMs: Math.round(clock.msOfEvent(healed ?? last)),
      },
    ]
  })
}
