import type { Verdict } from '#chaos/contracts/check.ts'
import type { Phase, SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'

/** Everything that a report shows; read from a run's folder or given by whoever has it in hand. */
export interface ReportData {
  readonly id: string
  readonly title: string
  readonly lab?: string
  readonly version?: string
  readonly seed: number
  readonly startedAt: string
  readonly verdict: Verdict
  readonly events: readonly SandboxEvent[]
  readonly scenarioText: string
  /** `node`, `postgres`, `unhappy-path` ... */
  readonly versions: Readonly<Record<string, string>>
}

export interface Sample {
  /** Milliseconds on the journal's clock. */
  readonly ms: number
  readonly operation: Operation
}

export interface FaultBand {
  readonly label: string
  readonly fromMs: number
  readonly toMs: number
}

export interface PhaseMark {
  readonly phase: Phase
  readonly ms: number
}

export interface ChartData {
  readonly samples: readonly Sample[]
  readonly bands: readonly FaultBand[]
  readonly phases: readonly PhaseMark[]
  readonly fromMs: number
  readonly toMs: number
}

/** What the charts draw, out of the journal. */
export function chartData(events: readonly SandboxEvent[]): ChartData {
  const samples: Sample[] = []
  const phases: PhaseMark[] = []
  const open = new Map<string, { label: string; fromMs: number }>()
  const bands: FaultBand[] = []
  for (const event of events) {
    if (event.type === 'operation') samples.push({ ms: event.ms, operation: event.operation })
    if (event.type === 'phase' && event.what === 'began')
      phases.push({ phase: event.phase, ms: event.ms })
    if (event.type !== 'fault') continue
    if (event.what === 'injected')
      open.set(event.fault.id, { label: labelOf(event.fault), fromMs: event.ms })
    const begun = open.get(event.fault.id)
    if (event.what === 'healed' && begun !== undefined) {
      bands.push({ ...begun, toMs: event.ms })
      open.delete(event.fault.id)
    }
  }
  const last = samples.reduce((latest, sample) => Math.max(latest, sample.ms), 0)
  for (const begun of open.values()) bands.push({ ...begun, toMs: Math.max(last, begun.fromMs) })
  const first = samples.reduce((earliest, sample) => Math.min(earliest, sample.ms), last)
  return { samples, bands, phases, fromMs: first, toMs: Math.max(last, first + 1_000) }
}

function labelOf(fault: { readonly kind: string; readonly targets: readonly string[] }): string {
  const [first = ''] = fault.targets
  return `${fault.kind} ${fault.targets.length > 1 ? `${first} +${fault.targets.length - 1}` : first}`
}
