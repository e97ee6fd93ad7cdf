import type { FrameScheduler, NextFrame } from './frame.ts'

/** Users cannot follow figures and lists that change faster than this. */
const streamEveryMs = 100
const promptEveryMs = 50

export interface PacedFramesOptions {
  readonly nextFrame: NextFrame
  /** Calls the function after some milliseconds. */
  readonly later: (act: () => void, ms: number) => void
  /** Milliseconds on a clock that does not jump. */
  readonly now: () => number
  /** The shortest time between two draws of the same part, in milliseconds. */
  readonly everyMs: number
}

/**
 * Draws what streams change: each part at most once in `everyMs`, and one part per frame. So a burst of messages costs the page
 * no more than a few, and an input never waits for all parts at once.
 */
export function createPacedFrames(options: PacedFramesOptions): FrameScheduler {
  const { nextFrame, later, now, everyMs } = options
  /** From when on each part may be drawn, in the order in which the parts were requested. */
  const wanted = new Map<() => void, number>()
  const drawnAt = new WeakMap<() => void, number>()
  const asked = { frame: false, timer: false }
  const schedule = (): void => {
    if (asked.frame || wanted.size === 0) return
    const waitMs = Math.min(...wanted.values()) - now()
    if (waitMs <= 0) {
      asked.frame = true
      nextFrame(run)
    } else if (!asked.timer) {
      asked.timer = true
      later(() => {
        asked.timer = false
        schedule()
      }, waitMs)
    }
  }
  const run = (): void => {
    asked.frame = false
    const due = [...wanted].find(([, fromMs]) => fromMs <= now())
    if (due !== undefined) {
      const [draw] = due
      wanted.delete(draw)
      drawnAt.set(draw, now())
      draw()
    }
    schedule()
  }
  return {
    request: (draw) => {
      if (!wanted.has(draw)) wanted.set(draw, (drawnAt.get(draw) ?? -Infinity) + everyMs)
      schedule()
    },
    cancel: (draw) => void wanted.delete(draw),
  }
}

const page: Omit<PacedFramesOptions, 'everyMs'> = {
  nextFrame: (draw) => void requestAnimationFrame(draw),
  later: (act, ms) => void setTimeout(act, ms),
  now: () => performance.now(),
}

/** The page's scheduler for streams. What a user changes is drawn by `frames`, with the next frame. */
export const streamFrames = createPacedFrames({ ...page, everyMs: streamEveryMs })

/**
 * For messages that a user waits for, such as the start of a fault. They do not wait behind the parts of `streamFrames`, and a
 * burst of them is still not drawn one by one.
 */
export const promptFrames = createPacedFrames({ ...page, everyMs: promptEveryMs })
