import type { FlowFault, FlowGap } from '#chaos/contracts/flow-record.ts'
import type { InstanceState } from '#chaos/contracts/runtime.ts'
import { describeActiveFault } from '#chaos/report/describe-active-fault.ts'
import { describeTrap } from '#chaos/report/describe-event.ts'

import { type RecordedFlowMessage, trapAt } from './flow-messages.ts'
import type { RecordedRun } from './recorded-run.ts'

export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** A fault this soon before the flow begins, or after it ends, can have changed its course. */
export const marginMs = 2_000

const whatOf: Partial<Record<InstanceState, FlowGap['what']>> = {
  exited: 'down',
  absent: 'down',
  paused: 'paused',
  starting: 'starting',
}

/** When the processes of these lanes did not run, in the window. */
export function gapsOf(
  run: RecordedRun,
  lanes: ReadonlySet<string>,
  window: Window,
): readonly FlowGap[] {
  const open = new Map<string, Omit<FlowGap, 'toMs'>>()
  const gaps: FlowGap[] = []
  let lastMs = window.toMs
  for (const event of run.events) {
    if (event.type !== 'instance' || !lanes.has(event.instance)) continue
    const lane = event.instance
    const atMs = run.clock.msOfEvent(event)
    lastMs = Math.max(lastMs, atMs)
    const before = open.get(lane)
    const what = whatOf[event.state]
    if (before?.what === what) continue
    if (before !== undefined) gaps.push({ ...before, toMs: atMs })
    open.delete(lane)
    // An instance that a scenario, a user or a deploy stops in order ends with `absent`; a killed one with `exited`.
    const isPlanned = what === 'starting' ? before?.isPlanned === true : event.state === 'absent'
    if (what !== undefined) open.set(lane, { lane, what, fromMs: atMs, isPlanned })
  }
  for (const gap of open.values()) gaps.push({ ...gap, toMs: lastMs })
  return gaps.filter((gap) => overlaps(gap, window)).toSorted((a, b) => a.fromMs - b.fromMs)
}

/** Faults and traps on these lanes and the links between them. */
export function faultsOf(
  run: RecordedRun,
  messages: readonly RecordedFlowMessage[],
  lanes: ReadonlySet<string>,
  window: Window,
): readonly FlowFault[] {
  const open = new Map<string, FlowFault[]>()
  const faults: FlowFault[] = []
  const end = (id: string, toMs: number): void => {
    for (const fault of open.get(id) ?? []) faults.push({ ...fault, toMs })
    open.delete(id)
  }
  for (const event of run.events) {
    const atMs = run.clock.msOfEvent(event)
    if (event.type === 'trap' && event.what === 'sprung' && event.link !== undefined) {
      const at = sprungAt(run, messages, event.id, event.seq) ?? atMs
      faults.push({ label: `trap: ${describeTrap(event)}`, on: event.link, fromMs: at, toMs: at })
    }
    if (event.type !== 'fault') continue
    const { id, targets } = event.fault
    if (event.what !== 'injected') {
      end(id, atMs)
      continue
    }
    const label = describeActiveFault(event.fault)
    open.set(
      id,
      targets.map((on) => ({ label, on, fromMs: atMs, toMs: atMs })),
    )
  }
  for (const id of open.keys()) end(id, Math.max(window.toMs, window.fromMs))
  return faults
    .filter((fault) => isOn(fault.on, lanes) && overlaps(fault, window))
    .toSorted((a, b) => a.fromMs - b.fromMs)
}

/** When the message that sprang the trap was sent: the trap is drawn at its message. */
function sprungAt(
  run: RecordedRun,
  messages: readonly RecordedFlowMessage[],
  id: string,
  seq: number,
): number | undefined {
  const own = messages.find(({ event }) => {
    const trap = trapAt(run, event)
    return trap?.id === id && trap.seq === seq
  })
  return own?.message.sentMs
}

/** A link is on the lanes if both of its ends are. */
function isOn(target: string, lanes: ReadonlySet<string>): boolean {
  return target.split(':').every((part) => lanes.has(part))
}

function overlaps(span: Window, { fromMs, toMs }: Window): boolean {
  return span.toMs >= fromMs - marginMs && span.fromMs <= toMs + marginMs
}
