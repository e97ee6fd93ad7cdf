import { usePageState } from '../data/page-state.ts'
import { clockTime } from './clock-time.ts'

/** A warning above every page: the controller does not respond, or the sandbox is halted. */
export function Banner() {
  const lost = usePageState((state) => state.connection === 'lost')
  const sessionEnded = usePageState((state) => state.sessionEnded)
  const lostAt = usePageState((state) => state.lostAt)
  const halted = usePageState((state) => state.sandbox?.halted ?? false)
  if (lost && sessionEnded)
    return (
      <div class="banner" role="status">
        <b>✕ The session of this page has ended</b>, because the controller was restarted. Open the
        dashboard again: <code>npx unhappy open</code> or{' '}
        <code>docker compose exec chaos unhappy open</code>
      </div>
    )
  if (lost)
    return (
      <div class="banner" role="status">
        <b>✕ The controller does not respond</b> since {clockTime(new Date(lostAt)).slice(0, 8)}.
        This page shows the last known state and reconnects by itself. If the controller is stopped,
        start it: <code>npx unhappy up</code>
      </div>
    )
  if (halted)
    return (
      <div class="banner" role="status">
        <b>■ Halted.</b> Every fault is healed. No fault can be injected until you lift the halt.
      </div>
    )
  return null
}
