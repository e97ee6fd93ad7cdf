import { pointAfter, pointBefore } from './points.ts'
import type { Stage } from './stage.ts'

/** What the presenter has chosen to show. */
export interface PresentState {
  /** The moment on the stage. Null: the current one. */
  readonly atMs: number | null
  /** Faults appear as `?`. */
  readonly isHidden: boolean
  readonly markers: readonly Marker[]
}

/** A moment to discuss. It keeps its stage, because the recording forgets it after some minutes. */
export interface Marker {
  /** From 1: the key that jumps to it. */
  readonly number: number
  readonly ms: number
  readonly stage: Stage
}

export const markersMax = 9

export type PresentAction =
  /** Freezes the current moment; when frozen, continues live. */
  | { readonly type: 'freeze' }
  | { readonly type: 'live' }
  | { readonly type: 'earliest' }
  | { readonly type: 'move'; readonly byMs: number }
  | { readonly type: 'go'; readonly toMs: number }
  | { readonly type: 'previous' }
  | { readonly type: 'next' }
  | { readonly type: 'mark'; readonly stage: Stage }
  | { readonly type: 'marker'; readonly number: number }
  | { readonly type: 'hide' }
  | { readonly type: 'reveal' }

/** What the recording has at the time of an action. */
export interface Range {
  readonly firstMs: number
  readonly nowMs: number
  readonly points: readonly number[]
}

const previousMs = 10_000

export function afterAction(
  state: PresentState,
  action: PresentAction,
  { firstMs, nowMs, points }: Range,
): PresentState {
  const at = state.atMs ?? nowMs
  const moveTo = (ms: number): PresentState => ({
    ...state,
    atMs: ms >= nowMs ? null : Math.max(firstMs, ms),
  })
  switch (action.type) {
    case 'freeze':
      return { ...state, atMs: state.atMs === null ? nowMs : null }
    case 'live':
      return { ...state, atMs: null }
    case 'earliest':
      return moveTo(firstMs)
    case 'move':
      return moveTo(at + action.byMs)
    case 'go':
      return moveTo(action.toMs)
    case 'previous':
      return moveTo(pointBefore(points, at, previousMs))
    case 'next': {
      // With a remote control only, this is how hidden faults are revealed.
      if (state.atMs === null) return { ...state, isHidden: false }
      return moveTo(pointAfter(points, at) ?? nowMs)
    }
    case 'mark':
      return marked(state, action.stage)
    case 'marker': {
      const marker = state.markers.find(({ number }) => number === action.number)
      return marker === undefined ? state : { ...state, atMs: marker.ms }
    }
    case 'hide':
      return { ...state, isHidden: true }
    case 'reveal':
      return { ...state, isHidden: false }
  }
}

function marked(state: PresentState, stage: Stage): PresentState {
  if (state.markers.length >= markersMax) return state
  if (state.markers.some(({ ms }) => ms === stage.ms)) return state
  const marker = { number: state.markers.length + 1, ms: stage.ms, stage }
  return { ...state, markers: [...state.markers, marker] }
}
