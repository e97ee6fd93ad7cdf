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

/** Faults and traps in the window: each on those of its targets that are on these lanes, else on its first one. */
export function faultsOf(
  run: RecordedRun,
  messages: readonly RecordedFlowMessage[],
  lanes: ReadonlySet<string>,
  window: Window,
): readonly FlowFault[] {
  const all = [...Map.groupBy(allFaults(run, messages, window), ({ id }) => id).values()]
  return all
    .flatMap((targets) => {
      const own = targets.filter(({ fault }) => isOn(fault.on, lanes))
      return own.length > 0 ? own : targets.slice(0, 1)
    })
    .map(({ fault }) => fault)
    .filter((fault) => overlaps(fault, window))
    .toSorted((a, b) => a.fromMs - b.fromMs)
}

/** The instances and stores at which a fault or a link of it is. */
export function lanesOfTarget(target: string): readonly string[] {
  return target.split(':')
}

/** The instances that started, ended or paused in the window. */
export function changedIn(run: RecordedRun, window: Window): readonly string[] {
  const names = run.events.flatMap((event) => (event.type === 'instance' ? [event.instance] : []))
  const all = new Set(names)
  return [...new Set(gapsOf(run, all, window).map(({ lane }) => lane))]
}

interface NumberedFault {
  readonly id: string
  readonly fault: FlowFault
}

function allFaults(
  run: RecordedRun,
  messages: readonly RecordedFlowMessage[],
  window: Window,
): readonly NumberedFault[] {
  const open = new Map<string, FlowFault[]>()
  const faults: NumberedFault[] = []
  const end = (id: string, toMs: number): void => {
    for (const fault of open.get(id) ?? []) faults.push({ id, fault: { ...fault, toMs } })
    open.delete(id)
  }
  for (const event of run.events) {
    const atMs = run.clock.msOfEvent(event)
    if (event.type === 'trap' && event.what === 'sprung' && event.link !== undefined) {
      const at = sprungAt(run, messages, event.id, event.seq) ?? atMs
      const label = `trap ${describeTrap(event)}`
      faults.push({
        id: `${event.id} ${event.seq}`,
        fault: { label, on: event.link, fromMs: at, toMs: at },
      })
    }
    if (event.type !== 'fault') continue
    const { id, targets } = event.fault
    if (event.what !== 'injected') {
      end(id, atMs)
      continue
    }
    open.set(
      id,
      targets.map((on) => ({
        label: describeActiveFault({ ...event.fault, targets: [on] }),
        on,
        fromMs: atMs,
        toMs: atMs,
      })),
    )
  }
  for (const id of open.keys()) end(id, window.toMs)
  return faults
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
export function isOn(target: string, lanes: ReadonlySet<string>): boolean {
  return lanesOfTarget(target).every((part) => lanes.has(part))
}

function overlaps(span: Window, { fromMs, toMs }: Window): boolean {
  return span.toMs >= fromMs - marginMs && span.fromMs <= toMs + marginMs
}
