import { useEffect, useState } from 'preact/hooks'

import type { RunView } from '../../../contracts/api.ts'
import { api, failureText } from '../data/api.ts'

/** Polls a run until it has ended. Reads it again when `again` changes. */
export function useRun(
  id: string | null,
  again = '',
): {
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
    setRun((before) => (before?.id === id ? before : null))
    void poll()
    return () => {
      current = false
    }
  }, [id, again])
  return { run, error }
}
