import type { EventStamp, FiguresEvent, SandboxEvent } from '../../../contracts/events.ts'
import { bandsAfter, bandsAfterTrap } from './bands.ts'
import { eventFeed, exchangeFeed, labFileFeed, xrayFeed } from './feeds.ts'
import { isListed } from './is-listed.ts'
import {
  figuresSamples,
  getPageState,
  listEvent,
  operationSamples,
  updateFigures,
  updatePageState,
} from './page-state.ts'

/** Adds one event to the state of the page. */
export function applyEvent(event: SandboxEvent): void {
  const offset = event.ms - performance.now()
  // An event arrives after its time stamp, so the largest offset is the most exact one.
  const { clockOffsetMs } = getPageState()
  if (clockOffsetMs === 0) updatePageState({ clockOffsetMs: offset })
  else if (offset > clockOffsetMs) updateFigures({ clockOffsetMs: offset })

  changeState(event)
  eventFeed.publish(event)
}

function changeState(event: SandboxEvent): void {
  switch (event.type) {
    case 'operation':
      operationSamples.push({ ms: event.ms, operation: event.operation })
      return
    case 'figures':
      updateFigures({ figures: event, bytesPerSecond: ratesSince(event) })
      figuresSamples.push({ ms: event.ms, figures: event })
      return
    case 'exchange':
      exchangeFeed.publish(event)
      return
    case 'xray':
      xrayFeed.publish(event)
      return
    case 'lab-file':
      labFileFeed.publish(event)
      return
    case 'fault':
      updatePageState({ bands: bandsAfter(getPageState().bands, event) })
      break
    case 'trap':
      if (event.what === 'sprung')
        updatePageState({ bands: bandsAfterTrap(getPageState().bands, event) })
      break
    case 'phase':
      updatePageState({
        phase:
          event.what === 'began'
            ? { phase: event.phase, fromMs: event.ms, limitMs: event.limitMs ?? 0 }
            : null,
      })
      break
    default:
  }
  if (isListed(event)) listEvent(event)
}

/**
 * Bytes per second of each link since the previous figures. A link counts its bytes from its start. Empty when the
 * previous figures are older than 10 s.
 */
function ratesSince(event: FiguresEvent & EventStamp): ReadonlyMap<string, number> {
  const before = figuresSamples.since(event.ms - 10_000).at(-1)
  const seconds = before === undefined ? 0 : (event.ms - before.ms) / 1_000
  if (before === undefined || seconds <= 0) return new Map()
  const old = new Map(
    before.figures.links.map((link) => [link.link, link.bytesUpstream + link.bytesDownstream]),
  )
  return new Map(
    event.links.map((link) => {
      const bytes = link.bytesUpstream + link.bytesDownstream
      return [link.link, Math.max(0, bytes - (old.get(link.link) ?? bytes)) / seconds]
    }),
  )
}
