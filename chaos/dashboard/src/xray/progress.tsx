import type { XraySummary } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'

/** How far an X-ray is, or why it ended early. An X-ray that was started here can be stopped here. */
export function XrayProgress({ xray }: { readonly xray: XraySummary }) {
  const { busy, error, run } = useAction()
  if (xray.state === 'done') return null
  if (xray.state !== 'running')
    return (
      <p class={xray.state === 'failed' ? 'error' : 'muted'} role="status">
        {xray.state === 'failed' ? '✕ Failed' : '■ Stopped'} after {xray.done} of {xray.total} cells
        {xray.state === 'failed' ? `: ${xray.error ?? ''}` : '.'}
      </p>
    )
  const words =
    xray.total === 0
      ? xray.status
      : `${xray.done} of ${xray.total} cells${xray.leftMs === null ? '' : `, about ${left(xray.leftMs)} left`}`
  return (
    <div class="row xray-progress" data-testid="xray-progress">
      <progress
        aria-label="Cells"
        {...(xray.total === 0 ? {} : { value: xray.done, max: xray.total })}
      />
      <span role="status">{words}</span>
      {xray.ours ? (
        <button
          disabled={busy}
          data-testid="stop-xray"
          onClick={() => run(() => api.stopXray(xray.id))}
        >
          {busy ? 'Stopping…' : 'Stop'}
        </button>
      ) : (
        <span class="small muted">started on a command line: stop it there with Ctrl-C</span>
      )}
      {error !== null && <span class="error small">{error}</span>}
    </div>
  )
}

function left(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
