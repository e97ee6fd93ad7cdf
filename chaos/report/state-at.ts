import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { FlowMessage, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { Look } from '#chaos/contracts/look.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'
import type { InstanceState } from '#chaos/contracts/runtime.ts'

import { faultLabel } from './describe-active-fault.ts'

/** A run at one moment, as far as its events say. An instance without an event is not listed: its state is not known. */
export interface MomentState {
  /** On the clock of the run. */
  readonly ms: number
  readonly instances: ReadonlyMap<string, InstanceState>
  readonly faults: readonly ActiveFault[]
  /** The links on which a fault acts. */
  readonly links: ReadonlyMap<string, LinkMoment>
}

export interface LinkMoment {
  /** Absent: the events do not say how the fault changes the link. */
  readonly look?: Look
  readonly label: string
}

/** The state of a run at a moment: all events until then, applied in order. `events` are in the order of time. */
export function stateAt(
  events: readonly SandboxEvent[],
  ms: number,
  clock: Pick<RunClock, 'msOfEvent'>,
): MomentState {
  const instances = new Map<string, InstanceState>()
  const faults = new Map<string, ActiveFault>()
  const down = new Set<string>()
  for (const event of events) {
    if (event.type !== 'instance' && event.type !== 'fault' && event.type !== 'link') continue
    // The event of a fault can come later than its beginning, so the events are not in the order of this time.
    if (clock.msOfEvent(event) > ms) continue
    if (event.type === 'instance') instances.set(event.instance, event.state)
    else if (event.type === 'fault') {
      if (event.what === 'injected') faults.set(event.fault.id, event.fault)
      if (event.what === 'healed') faults.delete(event.fault.id)
    } else if (event.what === 'down') down.add(event.link)
    else if (event.what === 'up') down.delete(event.link)
  }
  const links = new Map<string, LinkMoment>()
  for (const fault of faults.values())
    for (const target of fault.targets)
      if (target.includes(':') && !links.has(target))
        links.set(target, {
          label: faultLabel(fault),
          ...(fault.look === undefined ? {} : { look: fault.look }),
        })
  for (const link of down) links.set(link, { look: 'cut', label: links.get(link)?.label ?? 'down' })
  return { ms, instances, faults: [...faults.values()], links }
}

/** Where a flow is at a moment. */
export interface FlowPosition {
  readonly message: FlowMessage
  /** From 0, at the sender, to 1, at the receiver. A lost message stays in the middle. */
  readonly share: number
  readonly isLost: boolean
}

/** A lost message is shown for this time. */
const lostShownMs = 400

/** The messages that are on their way at a moment, and lost ones for a short time. */
export function flowPositions(
  flow: Pick<FlowRecord, 'messages'>,
  ms: number,
): readonly FlowPosition[] {
  return flow.messages.flatMap((message): readonly FlowPosition[] => {
    const { sentMs, arrivedMs } = message
    if (ms < sentMs) return []
    if (arrivedMs === undefined)
      return ms < sentMs + lostShownMs ? [{ message, share: 0.5, isLost: true }] : []
    if (ms >= arrivedMs) return []
    return [{ message, share: (ms - sentMs) / (arrivedMs - sentMs), isLost: false }]
  })
}

/** The lines at which a flow is between two messages: where its last message arrived. Empty before its first one. */
export function flowPlace(flow: Pick<FlowRecord, 'messages'>, ms: number): string | null {
  let place: string | null = null
  let lastMs = -Infinity
  for (const { arrivedMs, to } of flow.messages)
    if (arrivedMs !== undefined && arrivedMs <= ms && arrivedMs >= lastMs) {
      place = to
      lastMs = arrivedMs
    }
  return place
}
