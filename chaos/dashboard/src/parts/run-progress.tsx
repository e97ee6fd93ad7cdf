import { useEffect, useState } from 'preact/hooks'

import type { RunView } from '../../../contracts/api.ts'
import { phases } from '../../../contracts/events.ts'
import { api } from '../data/api.ts'
import { controllerNow, usePageState } from '../data/page-state.ts'
import { failureText, useTick } from '../hooks/use-loaded.ts'

/** Follows a run until it has ended. */
export function useRun(id: string | null): {
  readonly run: RunView | null
  readonly error: string | null
} {
  const [run, setRun] = useState<RunView | null>(null)
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    if (id === null) return undefined
    let current = true
    const poll = async (): Promise<void> => {
      try {
        const view = await api.runView(id)
        if (!current) return
        setRun(view)
        setError(null)
        if (view.state === 'running') setTimeout(() => void poll(), 400)
      } catch (failure) {
        if (!current) return
        setError(failureText(failure))
        setTimeout(() => void poll(), 1_500)
      }
    }
    setRun(null)
    void poll()
    return () => {
      current = false
    }
  }, [id])
  return { run, error }
}

/** The phases of a run as steps, with a countdown of the one that is going on. */
export function RunProgress({ run }: { readonly run: RunView }) {
  useTick(250)
  const phase = usePageState((state) => state.phase)
  const now = run.phase === null ? -1 : phases.indexOf(run.phase)
  const leftS =
    phase !== null && phase.phase === run.phase && phase.limitMs > 0
      ? Math.max(0, Math.ceil((phase.fromMs + phase.limitMs - controllerNow()) / 1_000))
      : null
  // How far a run came that was ended from outside, nobody has kept: ticks would claim too much.
  if (run.state === 'aborted' || run.state === 'failed')
    return (
      <p class="outcome inconclusive" role="status">
        {run.state === 'aborted' ? '■ aborted: no verdict' : '✕ failed: no verdict'}
      </p>
    )
  return (
    <ol class="phases" aria-label="Phases of the run">
      {phases.map((name, i) => (
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
