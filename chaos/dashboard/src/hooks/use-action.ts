import { useState } from 'preact/hooks'

import { failureText } from '../data/api.ts'

export interface Action {
  readonly busy: boolean
  readonly error: string | null
  readonly run: (act: () => Promise<unknown>) => void
}

/** Runs one action at a time. Keeps its error until the next action starts. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const run = (act: () => Promise<unknown>): void => {
    setBusy(true)
    setError(null)
    act()
      .catch((failure: unknown) => setError(failureText(failure)))
      .finally(() => setBusy(false))
  }
  return { busy, error, run }
}
