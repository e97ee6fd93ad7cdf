import { useEffect, useState } from 'preact/hooks'

import { failureText, RequestError } from '../data/api.ts'
import { useTick } from '../hooks/use-tick.ts'
import type { HostApi } from './host-api.ts'

const retryMs = 500

export interface Live<View> {
  /** Null: none has arrived. */
  readonly view: View | null
  /** Why the page is not connected. Null: it is. */
  readonly problem: string | null
  /** The time of the host, in milliseconds since 1970. */
  readonly nowMs: number
}

/** The newest view of a stream of the host. Draws once per second, for countdowns. Connects again until it is refused. */
export function useLiveView<View extends { readonly at: string }>(
  api: HostApi,
  path: string,
): Live<View> {
  const [state, setState] = useState<{ readonly view: View; readonly offsetMs: number } | null>(
    null,
  )
  const [problem, setProblem] = useState<string | null>(null)
  useTick(1_000)
  useEffect(() => {
    const closed = new AbortController()
    const onView = (received: unknown): void => {
      const view = received as View
      setState({ view, offsetMs: Date.parse(view.at) - Date.now() })
      setProblem(null)
    }
    const connect = async (): Promise<void> => {
      let isRefused = false
      try {
        await api.follow(path, onView, closed.signal)
        setProblem('The host has closed the connection.')
      } catch (failure) {
        setProblem(failureText(failure))
        isRefused = failure instanceof RequestError && failure.status === 401
      }
      if (!closed.signal.aborted && !isRefused) setTimeout(() => void connect(), retryMs)
    }
    void connect()
    return () => closed.abort()
  }, [api, path])
  return { view: state?.view ?? null, problem, nowMs: Date.now() + (state?.offsetMs ?? 0) }
}
