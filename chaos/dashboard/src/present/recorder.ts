import type { SandboxView } from '../../../contracts/api.ts'
import type { EventStamp, FaultEvent, SandboxEvent } from '../../../contracts/events.ts'
import type { ActiveFault } from '../../../contracts/fault.ts'
import type { LinkHealth } from '../../../contracts/links.ts'
import type { InstanceEvent, InstanceStatus } from '../../../contracts/runtime.ts'
import { createSampleBuffer, type SampleBuffer } from '../data/sample-buffer.ts'
import { resultOf } from '../health/health.ts'
import type { KnownLink } from '../parts/picture/link-look.ts'
import type { StageSample } from './stage.ts'

/** How far the presenter view can go back. */
export const rewindMs = 300_000

/** The state of the sandbox as the controller reported it. `view` is null: it did not respond. */
export interface Snapshot {
  readonly ms: number
  readonly view: {
    readonly instances: readonly Pick<InstanceStatus, 'name' | 'state'>[]
    readonly links: readonly KnownLink[]
    readonly faults: readonly ActiveFault[]
    readonly isSending: boolean
  } | null
}

export type Change = (FaultEvent | InstanceEvent) & EventStamp

export interface Rates {
  readonly ms: number
  readonly bytesPerSecond: ReadonlyMap<string, number>
  readonly exchanges: ReadonlyMap<string, LinkHealth>
}

/** The last minutes of the live stream, bounded in number and in age. */
export interface Recording {
  readonly snapshots: SampleBuffer<Snapshot>
  readonly changes: SampleBuffer<Change>
  readonly rates: SampleBuffer<Rates>
  readonly samples: SampleBuffer<StageSample>
}

export interface StageRecorder extends Recording {
  addEvent(event: SandboxEvent): void
  addRates(rates: Rates): void
  /** Null: the controller does not respond since this moment. */
  addSnapshot(ms: number, sandbox: SandboxView | null, isSending: boolean): void
}

export function createStageRecorder(): StageRecorder {
  const snapshots = createSampleBuffer<Snapshot>(1_000, rewindMs)
  const changes = createSampleBuffer<Change>(2_000, rewindMs)
  const rates = createSampleBuffer<Rates>(400, rewindMs)
  const samples = createSampleBuffer<StageSample>(40_000, rewindMs)
  return {
    snapshots,
    changes,
    rates,
    samples,
    addEvent: (event) => {
      const { ms } = event
      if (event.type === 'operation') {
        const { kind, outcome, startMs, endMs } = event.operation
        const result = resultOf(event.operation)
        samples.push({ ms, kind, outcome, result, tookMs: endMs - startMs })
      } else if (event.type === 'fault' || event.type === 'instance') changes.push(event)
    },
    addRates: (now) => rates.push(now),
    addSnapshot: (ms, sandbox, isSending) =>
      snapshots.push({ ms, view: sandbox === null ? null : { ...viewOf(sandbox), isSending } }),
  }
}

/** What the stage needs of a view, so that the recording does not keep whole views. */
function viewOf({ instances, links, faults }: SandboxView) {
  return {
    instances: instances.map(({ name, state }) => ({ name, state })),
    links: links.map(({ name, enabled, toxics }) => ({ name, enabled, toxics })),
    faults,
  }
}

/** The recording of this page. It begins when the page opens, also on another page than the presenter view. */
export const stageRecorder = createStageRecorder()
