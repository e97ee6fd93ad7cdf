import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

import { controllerNow } from '../data/page-state.ts'
import { pointsOf } from './points.ts'
import { afterAction, type PresentAction, type PresentState } from './present-state.ts'
import { stageRecorder } from './recorder.ts'
import { firstMsOf, stageAt } from './stage-at.ts'
import type { Stage } from './stage.ts'

const drawEveryMs = 250

export interface Present {
  readonly state: PresentState
  /** What is on the stage: the current moment, or the chosen one. */
  readonly stage: Stage
  readonly nowMs: number
  readonly act: (action: PresentAction) => void
}

/** The stage of the presenter view. It is drawn four times per second while it is live, and once for a past moment. */
export function usePresent(isHidden: boolean): Present {
  const [state, setState] = useState<PresentState>({ atMs: null, isHidden, markers: [] })
  const [nowMs, setNowMs] = useState(controllerNow)
  useEffect(() => {
    const timer = setInterval(() => setNowMs(controllerNow()), drawEveryMs)
    return () => clearInterval(timer)
  }, [])
  const act = useCallback((action: PresentAction) => {
    const now = controllerNow()
    setState((before) =>
      afterAction(before, action, {
        nowMs: now,
        firstMs: firstMsOf(stageRecorder) ?? now,
        points: pointsOf(stageRecorder, before.markers),
      }),
    )
    setNowMs(now)
  }, [])
  return { state, stage: useStage(state, nowMs), nowMs, act }
}

/** The stage of a past moment is computed once: it stays what it was when the recording forgets the moment. */
function useStage({ atMs, markers }: PresentState, nowMs: number): Stage {
  const frozen = useRef<Stage | null>(null)
  if (atMs === null) {
    frozen.current = null
    return stageAt(stageRecorder, nowMs)
  }
  if (frozen.current?.ms !== atMs)
    frozen.current = markers.find(({ ms }) => ms === atMs)?.stage ?? stageAt(stageRecorder, atMs)
  return frozen.current
}
