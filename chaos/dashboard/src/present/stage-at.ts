import type { ActiveFault } from '../../../contracts/fault.ts'
import { createRunClock } from '../../../contracts/run-clock.ts'
import type { InstanceStatus } from '../../../contracts/runtime.ts'
import { faultLabel } from '../../../report/describe-active-fault.ts'
import type { Band } from '../data/page-state.ts'
import { type KnownLink, lookOfLink } from '../parts/picture/link-look.ts'
import type { Change, Recording, Snapshot } from './recorder.ts'
import { chartMs, type Stage, type StageLook } from './stage.ts'

/** The stage at a moment of the recording: the last snapshot before it, and the events since that snapshot. */
export function stageAt(recording: Recording, ms: number): Stage {
  const snapshots = recording.snapshots.since(-Infinity)
  const allChanges = recording.changes.since(-Infinity)
  const [first] = snapshots
  const before =
    first !== undefined && first.ms > ms
      ? viewBefore(first, allChanges, ms)
      : snapshots.findLast((one) => one.ms <= ms)
  const after = before?.ms === -Infinity ? undefined : snapshots.find((one) => one.ms > ms)
  const changes = allChanges.filter((change) => change.ms <= ms)
  const view = before?.view ?? null
  const since = before === undefined ? [] : changes.filter((change) => change.ms > before.ms)
  const faults = since.reduce<readonly ActiveFault[]>(faultsAfter, view?.faults ?? [])
  return {
    ms,
    connection: before === undefined ? 'waiting' : view === null ? 'lost' : 'live',
    isSending: view?.isSending ?? false,
    sendingForMs: sendingFor(snapshots, ms),
    links: new Map(
      (view?.links ?? []).map((link) => [
        link.name,
        lookOfLink(linkAfter(link, since, after), faults),
      ]),
    ),
    boxes: boxesAfter(view, snapshots, since),
    ...ratesAt(recording, ms),
    bands: bandsUntil(changes, faults, ms),
    samples: recording.samples.since(ms - chartMs).filter((sample) => sample.ms <= ms),
  }
}

/**
 * The page also received events from before its first snapshot. A moment among them has the state of that snapshot without
 * what happened in between; where an event does not say what was before it, the state is unknown.
 */
function viewBefore(
  { ms: firstMs, view }: Snapshot,
  changes: readonly Change[],
  ms: number,
): Snapshot {
  if (view === null) return { ms, view }
  const between = changes.filter((change) => change.ms > ms && change.ms <= firstMs)
  const earlier = changes.filter((change) => change.ms <= ms)
  const begun = new Set(between.flatMap((one) => (isInjected(one) ? [one.fault.id] : [])))
  const healed = between.flatMap((one) =>
    one.type === 'fault' && one.what === 'healed' && !begun.has(one.fault.id) ? [one.fault] : [],
  )
  const faults = [...view.faults.filter(({ id }) => !begun.has(id)), ...healed]
  const touched = new Set(between.flatMap((one) => (one.type === 'fault' ? one.fault.targets : [])))
  const changed = instancesIn(between)
  const named = instancesIn(earlier)
  return {
    // Every event until the moment is applied to it.
    ms: -Infinity,
    view: {
      isSending: true,
      faults,
      instances: view.instances.filter(({ name }) => !changed.has(name) || named.has(name)),
      links: view.links.map((link) =>
        touched.has(link.name) && !faults.some(({ targets }) => targets.includes(link.name))
          ? { ...link, enabled: true, toxics: [] }
          : link,
      ),
    },
  }
}

function instancesIn(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.flatMap((one) => (one.type === 'instance' ? [one.instance] : [])))
}

function isInjected(change: Change): change is Extract<Change, { type: 'fault' }> {
  return change.type === 'fault' && change.what === 'injected'
}

/** The earliest moment that can be drawn, or null before the first snapshot. */
export function firstMsOf({ snapshots, samples }: Recording): number | null {
  const first = snapshots.since(-Infinity)[0]?.ms
  return first === undefined ? null : Math.min(first, samples.since(-Infinity)[0]?.ms ?? first)
}

function faultsAfter(faults: readonly ActiveFault[], change: Change): readonly ActiveFault[] {
  if (change.type !== 'fault' || change.what === 'failed') return faults
  const others = faults.filter(({ id }) => id !== change.fault.id)
  return change.what === 'injected' ? [...others, change.fault] : others
}

/** A fault changed the link after the snapshot: then the next snapshot has what it left on the link. */
function linkAfter(
  link: KnownLink,
  since: readonly Change[],
  after: Snapshot | undefined,
): KnownLink {
  const isTouched = since.some(
    (change) => change.type === 'fault' && change.fault.targets.includes(link.name),
  )
  const next = after?.view?.links.find(({ name }) => name === link.name)
  return isTouched ? (next ?? link) : link
}

type State = InstanceStatus['state']

function boxesAfter(
  view: Snapshot['view'],
  snapshots: readonly Snapshot[],
  since: readonly Change[],
): ReadonlyMap<string, StageLook> {
  const states = new Map<string, State | null>(
    snapshots.flatMap((one) => one.view?.instances ?? []).map(({ name }) => [name, null]),
  )
  for (const { name, state } of view?.instances ?? []) states.set(name, state)
  for (const change of since)
    if (view !== null && change.type === 'instance') states.set(change.instance, change.state)
  return new Map(
    [...states].flatMap(([name, state]) => {
      const look = boxLook(state)
      return look === null ? [] : [[name, look] as const]
    }),
  )
}

/** `state` is null: unknown. No look: the process is ready. That says nothing about the requests that it serves, so the box shows no word. */
function boxLook(state: State | null): StageLook | null {
  switch (state) {
    case null:
      return { look: 'unsure', label: '? unknown' }
    case 'ready':
      return null
    case 'paused':
      return { look: 'paused', label: '❚❚ paused' }
    case 'starting':
      return { look: 'unready', label: '◌ starting' }
    case 'unready':
      return { look: 'unready', label: '◍ not ready' }
    case 'exited':
      return { look: 'dead', label: '✕ not running' }
    case 'absent':
      return { look: 'planned', label: '○ stopped' }
  }
}

/** The last rates, if they are not old. */
function ratesAt({ rates }: Recording, ms: number): Pick<Stage, 'bytesPerSecond' | 'exchanges'> {
  const last = rates.since(ms - 3_000).findLast((one) => one.ms <= ms)
  return {
    bytesPerSecond: last?.bytesPerSecond ?? new Map(),
    exchanges: last?.exchanges ?? new Map(),
  }
}

/** For how long clients have sent requests at this moment; 0: they do not. */
function sendingFor(snapshots: readonly Snapshot[], ms: number): number {
  const earlier = snapshots.filter((one) => one.ms <= ms)
  const pause = earlier.findLastIndex(({ view }) => view?.isSending !== true)
  const first = earlier[pause + 1]
  return first === undefined ? 0 : ms - first.ms
}

/** The faults in the time of the chart. A fault without an event began before the recording. */
function bandsUntil(
  changes: readonly Change[],
  active: readonly ActiveFault[],
  ms: number,
): readonly Band[] {
  const bands = new Map<string, Band>()
  const add = (fault: ActiveFault, fromMs: number, toMs: number | null): void =>
    void bands.set(fault.id, { id: fault.id, label: faultLabel(fault), fromMs, toMs })
  for (const change of changes) {
    if (change.type !== 'fault' || change.what === 'failed') continue
    const isHealed = change.what === 'healed'
    const begun = isHealed ? bands.get(change.fault.id)?.fromMs : undefined
    const fromMs = begun ?? createRunClock(0, change).beginOf(change)
    add(change.fault, fromMs, isHealed ? change.ms : null)
  }
  for (const fault of active) if (!bands.has(fault.id)) add(fault, -Infinity, null)
  return [...bands.values()].filter(({ toMs }) => toMs === null || toMs >= ms - chartMs)
}
