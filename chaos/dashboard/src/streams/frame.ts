/** Calls a function with the next frame of the page. Without one it is `requestAnimationFrame`; tests bring their own. */
export type NextFrame = (draw: () => void) => void

/** Draws at most once per frame, however often it is asked. */
export interface FrameScheduler {
  /** Calls `draw` with the next frame. Asked again before that frame, it is called once. */
  request(draw: () => void): void
  /** The draw that was requested is not called. */
  cancel(draw: () => void): void
}

export function createFrameScheduler(nextFrame: NextFrame): FrameScheduler {
  const wanted = new Set<() => void>()
  let scheduled = false
  const run = (): void => {
    scheduled = false
    const draws = [...wanted]
    wanted.clear()
    for (const draw of draws) draw()
  }
  return {
    request: (draw) => {
      wanted.add(draw)
      if (scheduled) return
      scheduled = true
      nextFrame(run)
    },
    cancel: (draw) => void wanted.delete(draw),
  }
}

/**
 * The scheduler for what users change: all of it is drawn together. `streamFrames` draws what messages change. A hidden page
 * receives no frames; it draws when it becomes visible again.
 */
export const frames = createFrameScheduler((draw) => void requestAnimationFrame(draw))
