import { useEffect, useState } from 'preact/hooks'

import { RequestError } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'

export interface Loaded<T> {
  readonly value: T | null
  readonly error: string | null
  readonly reload: () => void
}

/** Loads when it appears, whenever `key` changes, and again after an error when the controller is back. */
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
  // What could not be had while the controller was away is asked for again when it is back.
  useEffect(() => {
    if (live && error !== null) setTurn((n) => n + 1)
  }, [live])
  return { value, error, reload: () => setTurn((n) => n + 1) }
}

export interface Action {
  readonly busy: boolean
  readonly error: string | null
  readonly run: (act: () => Promise<unknown>) => void
}

/** One action at a time; keeps its error until the next. */
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

/** Message and remedy of whatever went wrong. */
export function failureText(failure: unknown): string {
  if (failure instanceof RequestError)
    return failure.remedy === undefined ? failure.message : `${failure.message} ${failure.remedy}`
  return failure instanceof Error ? failure.message : String(failure)
}

/** Draws again every `everyMs`: for countdowns. */
export function useTick(everyMs: number): void {
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((n) => n + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
