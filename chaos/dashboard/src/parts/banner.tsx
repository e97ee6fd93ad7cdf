import { usePageState } from '../data/page-state.ts'
import { clockTime } from './clock-time.ts'

/** What stands above every page, because whoever reads the page must know it. */
export function Banner() {
  const lost = usePageState((state) => state.connection === 'lost')
  const lostAt = usePageState((state) => state.lostAt)
  const halted = usePageState((state) => state.sandbox?.halted ?? false)
  if (lost)
    return (
      <div class="banner" role="status">
        <b>✕ The controller does not answer</b> since {clockTime(new Date(lostAt)).slice(0, 8)}.
        What you see is from then; the page comes back by itself. Is it down?{' '}
        <code>npx unhappy up</code>
      </div>
    )
  if (halted)
    return (
      <div class="banner" role="status">
        <b>■ Halted.</b> Every fault is undone, and none can be injected until you lift it.
      </div>
    )
  return null
}
