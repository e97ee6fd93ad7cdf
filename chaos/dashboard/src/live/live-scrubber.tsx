import './live.css'
import { useEffect } from 'preact/hooks'

import { controllerNow, usePageState } from '../data/page-state.ts'
import { useTick } from '../hooks/use-tick.ts'
import { clockTime } from '../parts/clock-time.ts'
import { rewindMs, stageRecorder } from '../present/recorder.ts'
import { firstMsOf } from '../present/stage-at.ts'
import { backToLive, pin, useLiveMoment } from './live-moment.ts'

/** How far the slider goes back: as far as the charts have samples. */
const rangeMs = 120_000
const stepMs = 1_000

/** The moment that all views of the live sandbox show: a slider, and the way back to live. */
export function LiveScrubber() {
  useTick(500)
  const moment = useLiveMoment()
  const nowMs = controllerNow()
  const fromMs = Math.min(nowMs, Math.max(nowMs - rangeMs, firstMsOf(stageRecorder) ?? nowMs))
  const isTooOld = moment !== null && nowMs - moment.ms > rewindMs
  useEffect(() => {
    if (isTooOld) backToLive()
  }, [isTooOld])
  // Another page has its own moment.
  useEffect(() => backToLive, [])
  const epochMs = usePageState((state) => state.epochMs)
  const text = moment === null ? 'live' : momentText(moment.ms, nowMs, epochMs)
  return (
    <div
      class={`panel live-scrubber ${moment === null ? '' : 'past'}`}
      role="group"
      aria-label="Moment of the sandbox"
    >
      <output data-testid="live-moment">{moment === null ? '● live' : `❚❚ ${text}`}</output>
      <input
        type="range"
        min={0}
        max={Math.round(nowMs - fromMs)}
        step={stepMs / 10}
        value={Math.round((moment?.ms ?? nowMs) - fromMs)}
        aria-label="Moment"
        aria-valuetext={text}
        onInput={(event) => moveTo(fromMs + Number(event.currentTarget.value), nowMs)}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key]
          if (by === undefined) return
          event.preventDefault()
          moveTo(Math.max(fromMs, (moment?.ms ?? nowMs) + by * stepMs), nowMs)
        }}
      />
      <button disabled={moment === null} onClick={backToLive}>
        Back to live
      </button>
    </div>
  )
}

/** The right end is the current moment. */
function moveTo(ms: number, nowMs: number): void {
  if (ms >= nowMs - stepMs / 2) backToLive()
  else pin(ms)
}

/** The time as events and logs have it, from the clock of the controller's machine; then how long ago it was. */
function momentText(ms: number, nowMs: number, epochMs: number | null): string {
  const ago = `${Math.max(0, Math.round((nowMs - ms) / 1_000))} s ago`
  return epochMs === null ? ago : `${clockTime(new Date(epochMs + ms))}, ${ago}`
}
