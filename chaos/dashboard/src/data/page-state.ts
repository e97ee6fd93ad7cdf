import { useEffect, useState } from 'preact/hooks'

import type { SandboxView } from '../../../contracts/api.ts'
import type { FiguresEvent, Phase, SandboxEvent } from '../../../contracts/events.ts'
import type { Operation } from '../../../contracts/history.ts'
import { createEventGrouper, type EventRow } from '../../../report/group-events.ts'
import type { Impact } from '../health/health.ts'
import { frames } from '../streams/frame.ts'
import { streamFrames } from '../streams/paced-frames.ts'
import { createSampleBuffer } from './sample-buffer.ts'

/** The time in which a fault was active, as a shaded band in the charts. `toMs` is null while it is active. */
export interface Band {
  readonly id: string
  readonly label: string
  readonly fromMs: number
  readonly toMs: number | null
}

export interface PageState {
  readonly sandbox: SandboxView | null
  /** `live`: the event stream is open. `lost`: it broke, and the page reconnects and resumes it. */
  readonly connection: 'connecting' | 'live' | 'lost'
  /** The controller does not know the session of this browser (any more). */
  readonly sessionEnded: boolean
  /** When the connection was last lost, in milliseconds since 1970. */
  readonly lostAt: number
  readonly bands: readonly Band[]
  /** The events that the page lists, the newest last: no operations, exchanges or figures. */
  readonly timeline: readonly SandboxEvent[]
  /** The same as rows: events of links are grouped by their cause. */
  readonly rows: readonly EventRow[]
  readonly figures: FiguresEvent | null
  /** By link, both directions together. */
  readonly bytesPerSecond: ReadonlyMap<string, number>
  readonly phase: {
    readonly phase: Phase
    readonly fromMs: number
    readonly limitMs: number
  } | null
  /**
   * The moment that all views of a run show, on the clock of that run. `isPinned`, of the live sandbox: it stays when the pointer
   * leaves.
   */
  readonly moment: { readonly run: string; readonly ms: number; readonly isPinned?: true } | null
  /** When the clock of the events was 0, in milliseconds since 1970; null before the first event. */
  readonly epochMs: number | null
  /** What the customers experience. */
  readonly impact: Impact
  /** The controller's clock minus the page's clock, in milliseconds. */
  readonly clockOffsetMs: number
}

export interface OperationSample {
  readonly ms: number
  readonly operation: Operation
}

export interface FiguresSample {
  readonly ms: number
  readonly figures: FiguresEvent
}

let state: PageState = {
  sandbox: null,
  connection: 'connecting',
  sessionEnded: false,
  lostAt: 0,
  bands: [],
  timeline: [],
  rows: [],
  figures: null,
  bytesPerSecond: new Map(),
  phase: null,
  moment: null,
  epochMs: null,
  impact: { health: 'unknown', text: 'not known' },
  clockOffsetMs: 0,
}

/** The charts show the last minute. */
const keepMs = 120_000
export const operationSamples = createSampleBuffer<OperationSample>(40_000, keepMs)
export const figuresSamples = createSampleBuffer<FiguresSample>(4_000, keepMs)

const rowsMax = 400
const grouper = createEventGrouper(rowsMax)
const listeners = new Set<() => void>()

export function getPageState(): PageState {
  return state
}

/** Changes the state. All changes within one frame are drawn together. */
export function updatePageState(change: Partial<PageState>): void {
  state = { ...state, ...change }
  frames.request(draw)
}

/** The same for figures, which arrive all the time: they are drawn at the pace of streams, so they do not delay what users do. */
export function updateFigures(change: Partial<PageState>): void {
  state = { ...state, ...change }
  streamFrames.request(draw)
}

/** Adds an event to the list of events. It is drawn as figures are. */
export function listEvent(event: SandboxEvent): void {
  if (grouper.add(event)) streamFrames.request(draw)
}

function draw(): void {
  // One draw shows everything that either scheduler was asked for.
  frames.cancel(draw)
  streamFrames.cancel(draw)
  const { rows } = grouper
  if (rows !== state.rows) state = { ...state, rows, timeline: rows.map(({ event }) => event) }
  for (const listener of listeners) listener()
}

/** Calls the listener at most once per frame, after changes. The returned function removes the listener. */
export function onPageStateChange(listen: (state: PageState) => void): () => void {
  const listener = (): void => listen(state)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** The selected part of the state. The component is drawn again when that part changes. */
export function usePageState<T>(select: (state: PageState) => T): T {
  const [value, setValue] = useState(() => select(state))
  useEffect(() => {
    const listener = (): void => setValue(() => select(state))
    listener()
    return onPageStateChange(listener)
  }, [])
  return value
}

/** The name of the system for texts: `shop`, as in "the shop". `system` before the first response. */
export function systemName({ sandbox }: PageState): string {
  return sandbox?.system.name ?? 'system'
}

/** The system in a sentence: `the shop`; an adopted system has a name of its own. */
export function systemTitle({ sandbox }: PageState): string {
  const system = sandbox?.system
  return system?.adopted === true ? system.name : `the ${system?.name ?? 'system'}`
}

/** Whether the system is a user's own: it has no labs, runs and game days. */
export function isAdopted({ sandbox }: PageState): boolean {
  return sandbox?.system.adopted === true
}

/** The current time on the controller's clock, in the milliseconds that events use. */
export function controllerNow(): number {
  return performance.now() + state.clockOffsetMs
}
