import './live.css'
import { useEffect } from 'preact/hooks'

import { controllerNow } from '../data/page-state.ts'
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
  const ago = moment === null ? 0 : Math.max(0, Math.round((nowMs - moment.ms) / 1_000))
  const text = moment === null ? 'live' : `${wallClock(moment.ms, nowMs)}, ${ago} s ago`
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

function wallClock(ms: number, nowMs: number): string {
  return clockTime(new Date(Date.now() - (nowMs - ms)))
}
