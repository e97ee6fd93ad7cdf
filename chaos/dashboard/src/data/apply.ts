import type { FiguresEvent, SandboxEvent, EventStamp } from '../../../contracts/events.ts'
import { bandsAfter } from './bands.ts'
import { exchangeFeed, xrayFeed } from './feeds.ts'
import { figures, getState, operations, update } from './store.ts'

const timelineMax = 400

/** Puts one event where it belongs in what the page knows. */
export function apply(event: SandboxEvent): void {
  const offset = event.ms - performance.now()
  // Events arrive late, never early: the largest offset seen is the closest to the truth.
  if (getState().clockOffsetMs === 0 || offset > getState().clockOffsetMs)
    update({ clockOffsetMs: offset })

  switch (event.type) {
    case 'operation':
      operations.push({ ms: event.ms, operation: event.operation })
      update({ samples: getState().samples + 1 })
      return
    case 'figures':
      update({ bytesPerSecond: ratesSince(event) })
      figures.push({ ms: event.ms, figures: event })
      update({ figures: event, samples: getState().samples + 1 })
      return
    case 'exchange':
      exchangeFeed.tell(event)
      return
    case 'xray':
      xrayFeed.tell(event)
      return
    case 'fault':
      update({ bands: bandsAfter(getState().bands, event) })
      break
    case 'phase':
      update({
        phase:
          event.what === 'began'
            ? { phase: event.phase, fromMs: event.ms, limitMs: event.limitMs ?? 0 }
            : null,
      })
      break
    case 'link':
      // One for every connection: they would bury the rest.
      if (['opened', 'closed', 'toxic-touched'].includes(event.what)) return
      break
    default:
  }
  update({ timeline: [...getState().timeline.slice(-timelineMax), event] })
}

/** Links count bytes from their beginning; people want to see what passes now. */
function ratesSince(event: FiguresEvent & EventStamp): ReadonlyMap<string, number> {
  const before = figures.since(event.ms - 10_000).at(-1)
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
