import { useEffect, useState } from 'preact/hooks'

import type { SandboxView } from '../../../contracts/api.ts'
import type { FiguresEvent, Phase, SandboxEvent } from '../../../contracts/events.ts'
import type { Operation } from '../../../contracts/history.ts'
import { createSampleBuffer } from './sample-buffer.ts'

/** A fault as a band behind the charts. */
export interface Band {
  readonly id: string
  readonly label: string
  readonly fromMs: number
  readonly toMs: number | null
}

export interface PageState {
  readonly sandbox: SandboxView | null
  /** `live`: the stream is open. `lost`: it broke and is being opened again, from where it broke. */
  readonly connection: 'connecting' | 'live' | 'lost'
  /** When it was last lost, milliseconds since 1970; what is shown meanwhile is from then. */
  readonly lostAt: number
  readonly bands: readonly Band[]
  /** What people read: no operations, exchanges or figures. Newest last. */
  readonly timeline: readonly SandboxEvent[]
  readonly figures: FiguresEvent | null
  /** Of each link, both ways together. */
  readonly bytesPerSecond: ReadonlyMap<string, number>
  readonly phase: {
    readonly phase: Phase
    readonly fromMs: number
    readonly limitMs: number
  } | null
  /** Counts up with every change of what the charts draw. */
  readonly samples: number
  /** The controller's clock minus this page's clock, milliseconds. */
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
  lostAt: 0,
  bands: [],
  timeline: [],
  figures: null,
  bytesPerSecond: new Map(),
  phase: null,
  samples: 0,
  clockOffsetMs: 0,
}

/** Charts show the last minute. */
const keepMs = 120_000
export const operationSamples = createSampleBuffer<OperationSample>(40_000, keepMs)
export const figuresSamples = createSampleBuffer<FiguresSample>(4_000, keepMs)

const listeners = new Set<() => void>()
let scheduled = false

export function getPageState(): PageState {
  return state
}

/** Changes what is shown; all changes within one frame are drawn together. */
export function updatePageState(change: Partial<PageState>): void {
  state = { ...state, ...change }
  if (scheduled) return
  scheduled = true
  // A hidden page gets no frames; it has nothing to draw either, and draws everything when it comes back.
  requestAnimationFrame(() => {
    scheduled = false
    for (const listener of listeners) listener()
  })
}

/** Called after changes, once a frame; returns the function that ends it. */
export function onPageStateChange(listen: (state: PageState) => void): () => void {
  const listener = (): void => listen(state)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Draws the component again when what it selects has changed. */
export function usePageState<T>(select: (state: PageState) => T): T {
  const [value, setValue] = useState(() => select(state))
  useEffect(() => {
    const listener = (): void => setValue(() => select(state))
    listener()
    return onPageStateChange(listener)
  }, [])
  return value
}

/** The controller's clock now, milliseconds, as events count it. */
export function controllerNow(): number {
  return performance.now() + state.clockOffsetMs
}
