import type { SandboxEvent } from '../../../contracts/events.ts'
import type { PageState } from './page-state.ts'

/** The shortest time between two refreshes. */
export const refreshMs = 2_000
/** The time between two refreshes while nothing happens: each one probes every instance. */
export const idleRefreshMs = 8_000

export interface RefresherOptions {
  readonly refresh: () => Promise<void>
  readonly state: () => Pick<PageState, 'connection' | 'sandbox'>
  readonly isHidden: () => boolean
  readonly now: () => number
}

export interface Refresher {
  /** An event can have changed the state of the sandbox. */
  onEvent(event: Pick<SandboxEvent, 'type'>): void
  /** Refreshes as soon as {@link refreshMs} has passed since the last refresh. */
  readonly soon: () => void
  stop(): void
}

/**
 * Refreshes the state of the sandbox: often while something happens, seldom otherwise, and never while the page is hidden.
 */
export function createRefresher({ refresh, state, isHidden, now }: RefresherOptions): Refresher {
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueMs = Infinity
  let lastMs = -Infinity
  let wanted = false
  let stopped = false

  const schedule = (atMs: number): void => {
    if (stopped) return
    clearTimeout(timer)
    dueMs = atMs
    timer = setTimeout(() => void tick(), Math.max(0, atMs - now()))
  }
  const tick = async (): Promise<void> => {
    // It becomes visible with an event, which calls `soon`.
    if (isHidden()) return void (dueMs = Infinity)
    lastMs = now()
    wanted = false
    // A request without a response must not delay the next one.
    schedule(lastMs + refreshMs)
    await refresh()
    schedule(lastMs + (isIdle(state()) && !wanted ? idleRefreshMs : refreshMs))
  }
  const soon = (): void => {
    wanted = true
    const atMs = Math.max(now(), lastMs + refreshMs)
    if (atMs < dueMs) schedule(atMs)
  }
  void tick()
  return {
    onEvent: ({ type }) => {
      if (type !== 'figures' && type !== 'exchange' && type !== 'xray') soon()
    },
    soon,
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Nothing runs in the sandbox, and everything in it responds. */
function isIdle({ connection, sandbox }: Pick<PageState, 'connection' | 'sandbox'>): boolean {
  if (connection !== 'live' || sandbox === null) return false
  const { ready, halted, faults, traffic, run, unread = [] } = sandbox
  return (
    ready &&
    !halted &&
    faults.length === 0 &&
    traffic === null &&
    run === null &&
    unread.length === 0
  )
}
