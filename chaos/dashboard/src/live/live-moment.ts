import { getPageState, updatePageState, usePageState } from '../data/page-state.ts'
import { setMoment } from '../flow/moment.ts'
import { stageRecorder } from '../present/recorder.ts'
import { stageAt } from '../present/stage-at.ts'
import type { Stage } from '../present/stage.ts'

/** The name of the live sandbox as the run of a moment. Its times are those of the events. */
export const live = 'live'

/** A past moment of the live sandbox. */
export interface LiveMoment {
  readonly ms: number
  /** It stays when the pointer leaves. */
  readonly isPinned: boolean
}

/** Shows a moment while the user points at it. A pinned moment stays. */
export function pointAt(ms: number): void {
  if (getPageState().moment?.isPinned !== true) setMoment(live, ms)
}

/** Shows a moment until the user goes back to live. */
export function pin(ms: number): void {
  updatePageState({ moment: { run: live, ms, isPinned: true } })
}

/** The user no longer points at a moment. */
export function unpoint(): void {
  const { moment } = getPageState()
  if (moment?.run === live && moment.isPinned !== true) backToLive()
}

export function backToLive(): void {
  if (getPageState().moment?.run === live) updatePageState({ moment: null })
}

/** The moment that all views of the sandbox show; null: the current one. */
export function liveMomentOf(): number | null {
  const { moment } = getPageState()
  return moment?.run === live ? moment.ms : null
}

/** The same for a component, which is drawn again when it changes. */
export function useLiveMoment(): LiveMoment | null {
  const moment = usePageState((state) => state.moment)
  return moment?.run === live ? { ms: moment.ms, isPinned: moment.isPinned === true } : null
}

let last: { readonly ms: number; readonly stage: Stage } | undefined

/**
 * The sandbox at the moment that the page shows, from the recording of the presenter view; null: the current state. It is computed
 * once per moment, so it stays when the recording forgets the moment.
 */
export function usePastStage(): Stage | null {
  return usePageState(({ moment }) => {
    if (moment?.run !== live) return null
    if (last?.ms !== moment.ms) last = { ms: moment.ms, stage: stageAt(stageRecorder, moment.ms) }
    return last.stage
  })
}
