import type { RunView } from '../../../contracts/api.ts'
import { phases } from '../../../contracts/events.ts'
import { controllerNow, usePageState } from '../data/page-state.ts'
import { useTick } from '../hooks/use-tick.ts'

/** The phases of a run as steps, with a countdown for the current phase. */
export function RunProgress({ run }: { readonly run: RunView }) {
  useTick(250)
  const phase = usePageState((state) => state.phase)
  // Most runs have no sweep.
  const shown = phases.filter((name) => name !== 'sweep' || run.phase === 'sweep')
  const now = run.phase === null ? -1 : shown.indexOf(run.phase)
  const leftS =
    phase !== null && phase.phase === run.phase && phase.limitMs > 0
      ? Math.max(0, Math.ceil((phase.fromMs + phase.limitMs - controllerNow()) / 1_000))
      : null
  // A run that was aborted or failed does not record its last phase, so no phase is shown as completed.
  if (run.state === 'aborted' || run.state === 'failed')
    return (
      <p class="outcome inconclusive" role="status">
        {run.state === 'aborted' ? '■ aborted: no verdict' : '✕ failed: no verdict'}
      </p>
    )
  return (
    <ol class="phases" aria-label="Phases of the run">
      {shown.map((name, i) => (
        <li
          key={name}
          class={run.state !== 'running' || i < now ? 'past' : i === now ? 'now' : ''}
          aria-current={i === now ? 'step' : undefined}
        >
          {name.replace('-', ' ')}
          {i === now && leftS !== null && <span class="small"> {leftS} s</span>}
        </li>
      ))}
    </ol>
  )
}
