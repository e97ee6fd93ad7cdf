import type { Outcome } from '../../../contracts/history.ts'
import type { LinkHealth } from '../../../contracts/links.ts'
import type { Band } from '../data/page-state.ts'
import type { Result } from '../health/health.ts'
import type { DrawnLook } from '../parts/picture/link-look.ts'

/** What the presenter view draws: the sandbox at one moment. Plain data, so that a past moment is drawn as the current one. */
export interface Stage {
  /** On the clock of the events. */
  readonly ms: number
  /** `waiting`: nothing was received yet. `lost`: the controller did not respond at this moment, so the states are unknown. */
  readonly connection: 'waiting' | 'live' | 'lost'
  /** Customers or the clients of a run send requests. */
  readonly isSending: boolean
  /** For how long they have sent, as far as the recording goes back, in milliseconds. */
  readonly sendingForMs: number
  readonly links: ReadonlyMap<string, StageLook>
  /** Only parts that are not as they should be, or unknown. */
  readonly boxes: ReadonlyMap<string, StageLook>
  /** Bytes per second of each link. */
  readonly bytesPerSecond: ReadonlyMap<string, number>
  /** The requests on each link. Without an entry nothing is known of them. */
  readonly exchanges: ReadonlyMap<string, LinkHealth>
  /** Faults that were active in the time of the chart. */
  readonly bands: readonly Band[]
  /** Finished operations in the time of the chart, in time order. */
  readonly samples: readonly StageSample[]
}

export interface StageLook {
  /** `hidden`: a fault that the audience must find. */
  readonly look: DrawnLook['look'] | 'dead' | 'planned' | 'paused' | 'unready' | 'unsure' | 'hidden'
  readonly label: string | null
}

/** One finished operation. */
export interface StageSample {
  readonly ms: number
  readonly kind: string
  readonly outcome: Outcome
  readonly result: Result
  readonly tookMs: number
}

/** The seconds that the chart shows. */
export const chartMs = 60_000

const secret = { look: 'hidden', label: '?' } as const

/** The stage with a `?` instead of each fault. Effects that customers see stay. */
export function withHiddenFaults(stage: Stage): Stage {
  return {
    ...stage,
    links: new Map(
      [...stage.links].map(([name, link]) => [name, link.look === 'plain' ? link : secret]),
    ),
    boxes: new Map(
      [...stage.boxes].map(([name, box]) => [name, box.look === 'unsure' ? box : secret]),
    ),
    // The link on which requests fail is what the audience must find.
    exchanges: new Map(),
    bands: stage.bands.map((band) => ({ ...band, label: '?' })),
  }
}
