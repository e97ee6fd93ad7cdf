import { usePageState } from '../data/page-state.ts'
import { usePageFacts } from '../health/use-page-facts.ts'
import { ActiveFaultList } from './active-fault-list.tsx'
import { clockTime } from './clock-time.ts'

/** A warning above every page: what the page cannot know, and what a halt has done. */
export function Banner() {
  const banner = usePageFacts((facts) => facts.banner)
  const lostAt = usePageState((state) => state.lostAt)
  const faults = usePageState((state) => state.sandbox?.faults)
  switch (banner?.kind) {
    case undefined:
      return null
    case 'locked':
      return (
        <div class="banner" role="status">
          <b>✕ The session of this page has ended</b>, because the controller was restarted. Open
          the dashboard again: <code>npx unhappy open</code> or{' '}
          <code>docker compose exec chaos unhappy open</code>
        </div>
      )
    case 'lost':
      return (
        <div class="banner" role="status">
          <b>✕ The controller does not respond</b> since {clockTime(new Date(lostAt)).slice(0, 8)}.
          This page shows the last known state and reconnects by itself. Until then its buttons are
          disabled. If the controller is stopped, start it: <code>npx unhappy up</code>
        </div>
      )
    case 'halted':
      return (
        <div class="banner" role="status">
          <b>■ Halted.</b> Every fault is healed. No fault can be injected until you lift the halt.
        </div>
      )
    case 'not-healed':
      return (
        <div class="banner" role="status">
          <b>■ Halted, but faults are still active.</b> The halt heals them. A fault that stays here
          could not be healed; its lease ends it.
          <ActiveFaultList faults={faults ?? []} />
        </div>
      )
    case 'unread':
      return (
        <div class="banner" role="status">
          <b>? The controller cannot read {banner.parts.join(' and ')}.</b> Their last known state
          is shown as unknown.
        </div>
      )
  }
}
