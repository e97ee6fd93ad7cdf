import type { SandboxView } from '../../../contracts/api.ts'
import type { SandboxEvent } from '../../../contracts/events.ts'
import { api, RequestError } from './api.ts'
import { applyEvent } from './apply-event.ts'
import { bandsWithActive } from './bands.ts'
import { getPageState, updatePageState } from './page-state.ts'
import { createRefresher } from './refresher.ts'

/** How many past events the page requests when it opens, so its charts are not empty. */
const historyEvents = 5_000

/**
 * Opens the event stream and keeps it open. The browser reconnects with the id of the last event, so no event is lost.
 * A restarted controller counts events from 1 again; the page then reloads. The returned function closes the stream.
 */
export function openEventStream(): () => void {
  let source: EventSource | null = null
  let lastSeq = 0
  let startedAt: string | null = null
  let closed = false
  let epochMs: number | null = null

  const refresh = async (): Promise<void> => {
    try {
      const sandbox = await api.sandbox()
      if (closed) return
      if (startedAt !== null && startedAt !== sandbox.startedAt) location.reload()
      startedAt = sandbox.startedAt
      updatePageState({ sandbox: withLastKnown(sandbox, getPageState().sandbox) })
      showActive(sandbox.faults)
      // After a break the stream resumes after the last event. A new page also requests some past events.
      if (source === null)
        connect(lastSeq > 0 ? lastSeq : Math.max(0, sandbox.lastSeq - historyEvents))
    } catch (error) {
      updatePageState({ sessionEnded: error instanceof RequestError && error.status === 401 })
      markLost()
    }
  }

  const connect = (after: number): void => {
    source = new EventSource(`api/events?after=${after}`)
    source.addEventListener('open', () => updatePageState({ connection: 'live' }))
    source.addEventListener('error', () => {
      markLost()
      refresher.soon()
      if (source?.readyState === EventSource.CLOSED) {
        source = null
      }
    })
    source.addEventListener('message', (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as SandboxEvent
      if (event.seq <= lastSeq) return
      lastSeq = event.seq
      const first = epochMs === null
      epochMs = Date.parse(event.at) - event.ms
      if (first) updatePageState({ epochMs })
      if (first) showActive(getPageState().sandbox?.faults ?? [])
      if (getPageState().connection !== 'live') updatePageState({ connection: 'live' })
      applyEvent(event)
      refresher.onEvent(event)
    })
  }

  const showActive = (faults: SandboxView['faults']): void => {
    if (epochMs !== null)
      updatePageState({ bands: bandsWithActive(getPageState().bands, faults, epochMs) })
  }

  const markLost = (): void => {
    if (getPageState().connection !== 'lost')
      updatePageState({ connection: 'lost', lostAt: Date.now() })
  }

  const refresher = createRefresher({
    refresh,
    state: getPageState,
    isHidden: () => document.hidden,
    now: () => performance.now(),
  })
  document.addEventListener('visibilitychange', refresher.soon)
  return () => {
    closed = true
    document.removeEventListener('visibilitychange', refresher.soon)
    refresher.stop()
    source?.close()
  }
}

/**
 * A very busy controller leaves out links or instances that it could not read in time. The page then keeps the last ones. The
 * system stays the same object while its parts are the same, so that the picture is not drawn again with each view.
 */
function withLastKnown(now: SandboxView, before: SandboxView | null): SandboxView {
  if (before === null) return now
  return {
    ...now,
    system: partsOf(now) === partsOf(before) ? before.system : now.system,
    links: now.links.length > 0 ? now.links : before.links,
    instances: now.instances.length > 0 ? now.instances : before.instances,
  }
}

/** The stores and links: a profile adds some while it is on. */
function partsOf({ system }: SandboxView): string {
  return [...system.stores, ...system.links.map(({ name }) => name)].join()
}
