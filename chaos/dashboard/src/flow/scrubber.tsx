import { useEffect, useRef, useState } from 'preact/hooks'

import { formatRunTime } from '../../../contracts/run-clock.ts'
import { momentOf, setMoment, useMoment } from './moment.ts'

export interface ScrubberProps {
  /** The run whose moment it shows and sets. */
  readonly run: string
  readonly fromMs: number
  readonly toMs: number
  /** Where the arrow keys and the buttons go: the times of messages, faults or events, in order. */
  readonly stops: readonly number[]
  /** The moment that the playback shows `seconds` after another one. */
  readonly playFrom: (ms: number, seconds: number) => number
}

/** Chooses the moment of a run: by dragging, with the keyboard, or by playing slowly. */
export function Scrubber(props: ScrubberProps) {
  const { run, fromMs, toMs, stops } = props
  const moment = useMoment(run)
  const [playing, setPlaying] = useState(false)
  const now = moment ?? fromMs
  usePlayback(playing, props, () => setPlaying(false))
  const step = (direction: 1 | -1): void => {
    const at = momentOf(run) ?? fromMs
    const next =
      direction > 0 ? stops.find((ms) => ms > at + 1e-6) : stops.findLast((ms) => ms < at - 1e-6)
    if (next !== undefined) setMoment(run, next)
  }
  const toggle = (): void => {
    // At the end it plays from the beginning.
    if (!playing && (momentOf(run) ?? fromMs) >= toMs) setMoment(run, fromMs)
    setPlaying(!playing)
  }
  useSpaceBar(toggle)
  return (
    <div class="scrubber" role="group" aria-label="Moment of the run">
      <button onClick={toggle} aria-pressed={playing} data-testid="play">
        {playing ? '❚❚ Pause' : '▶ Play'}
      </button>
      <button onClick={() => step(-1)} aria-label="Previous event" title="Previous event (←)">
        ◀
      </button>
      <button onClick={() => step(1)} aria-label="Next event" title="Next event (→)">
        ▶
      </button>
      <input
        type="range"
        min={fromMs}
        max={toMs}
        step="any"
        value={now}
        aria-label="Moment"
        aria-valuetext={formatRunTime(now)}
        onInput={(event) => {
          setPlaying(false)
          setMoment(run, Number(event.currentTarget.value))
        }}
        onKeyDown={(event) => {
          const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
          if (direction === undefined) return
          event.preventDefault()
          setPlaying(false)
          step(direction > 0 ? 1 : -1)
        }}
      />
      <output class="mono" data-testid="moment">
        {formatRunTime(now)}
      </output>
    </div>
  )
}

function usePlayback(
  playing: boolean,
  { run, fromMs, toMs, playFrom }: ScrubberProps,
  onEnd: () => void,
): void {
  useEffect(() => {
    if (!playing) return undefined
    let last = performance.now()
    let frame = 0
    const draw = (time: number): void => {
      const next = playFrom(momentOf(run) ?? fromMs, Math.max(0, time - last) / 1_000)
      last = time
      setMoment(run, Math.min(toMs, next))
      if (next >= toMs) onEnd()
      else frame = requestAnimationFrame(draw)
    }
    frame = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(frame)
  }, [playing, run, fromMs, toMs, playFrom])
}

/** The space bar plays and pauses, unless it presses what has the focus. */
function useSpaceBar(toggle: () => void): void {
  const current = useRef(toggle)
  current.current = toggle
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement
      const isTaken = target.closest(
        'button, a, input:not([type=range]), textarea, select, summary',
      )
      if (event.key !== ' ' || isTaken !== null || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      current.current()
    }
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}
