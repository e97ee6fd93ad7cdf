import type { Verdict } from '#chaos/contracts/check.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { FlowComparison, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { Operation, OperationKind } from '#chaos/contracts/history.ts'

import { describeActiveFault } from './describe-active-fault.ts'

/** Everything that a report shows about one run. */
export interface ReportData {
  readonly id: string
  readonly title: string
  readonly lab?: string
  readonly version?: string
  readonly seed: number
  readonly startedAt: string
  readonly verdict: Verdict
  /** The kinds of operations of the system, in the order of the key above the chart. */
  readonly operations: readonly OperationKind[]
  readonly events: readonly SandboxEvent[]
  readonly scenarioText: string
  /** The first failing flow of each violated check, by the check's title. Absent: the run recorded no flows. */
  readonly flows?: readonly ReportFlow[]
  /** Versions by program: `node`, `postgres`, `unhappy-path`. */
  readonly versions: Readonly<Record<string, string>>
}

export interface ReportFlow {
  /** `CheckResult.title`. */
  readonly check: string
  readonly drawn: FlowRecord | FlowComparison
}

export interface Sample {
  /** End of the operation, in milliseconds on the journal's clock. */
  readonly ms: number
  readonly operation: Operation
}

export interface FaultBand {
  readonly label: string
  readonly fromMs: number
  readonly toMs: number
}

export interface ChartData {
  readonly samples: readonly Sample[]
  readonly bands: readonly FaultBand[]
  readonly fromMs: number
  readonly toMs: number
}

/** What the charts show, from the journal of a run. A fault without an end lasts until the last operation. */
export function chartData(events: readonly SandboxEvent[]): ChartData {
  const samples: Sample[] = []
  const open = new Map<string, { label: string; fromMs: number }>()
  const bands: FaultBand[] = []
  for (const event of events) {
    if (event.type === 'operation') samples.push({ ms: event.ms, operation: event.operation })
    if (event.type !== 'fault') continue
    if (event.what === 'injected')
      open.set(event.fault.id, { label: describeActiveFault(event.fault), fromMs: event.ms })
    const begun = open.get(event.fault.id)
    if (event.what === 'healed' && begun !== undefined) {
      bands.push({ ...begun, toMs: event.ms })
      open.delete(event.fault.id)
    }
  }
  const last = samples.reduce((latest, sample) => Math.max(latest, sample.ms), 0)
  for (const begun of open.values()) bands.push({ ...begun, toMs: Math.max(last, begun.fromMs) })
  const first = samples.reduce((earliest, sample) => Math.min(earliest, sample.ms), last)
  return { samples, bands, fromMs: first, toMs: Math.max(last, first + 1_000) }
}
