import { useEffect, useState } from 'preact/hooks'

import { failureText } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'

export interface Loaded<T> {
  readonly value: T | null
  readonly error: string | null
  readonly reload: () => void
}

/** Loads a value when the component appears, when `key` changes, and when the controller is back after an error. */
export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [value, setValue] = useState<T | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [turn, setTurn] = useState(0)
  const live = usePageState((state) => state.connection === 'live')
  useEffect(() => {
    let current = true
    const start = async (): Promise<void> => {
      try {
        const loaded = await load()
        if (!current) return
        setValue(() => loaded)
        setError(null)
      } catch (failure) {
        if (current) setError(failureText(failure))
      }
    }
    void start()
    return () => {
      current = false
    }
  }, [key, turn])
  useEffect(() => {
    if (live && error !== null) setTurn((n) => n + 1)
  }, [live])
  return { value, error, reload: () => setTurn((n) => n + 1) }
}
