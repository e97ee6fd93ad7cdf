import { useEffect, useState } from 'preact/hooks'

import type { XrayList } from '../../../contracts/api.ts'
import type { XrayEvent } from '../../../contracts/events.ts'
import type { XrayView } from '../../../xray/live/xray-view.ts'
import type { Cell } from '../../../xray/matrix.ts'
import { api, failureText } from '../data/api.ts'
import { xrayFeed } from '../data/feeds.ts'
import { type Loaded, useLoaded } from '../hooks/use-loaded.ts'

export interface FollowedXray {
  readonly view: XrayView | null
  readonly error: string | null
  /** Cells that arrived while the page was open. */
  readonly fresh: ReadonlySet<string>
}

/** One X-ray. Events add cells while it runs. */
export function useXray(id: string): FollowedXray {
  const [view, setView] = useState<XrayView | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    let current = true
    // Cells that arrived in events, even while the matrix was loading.
    const received = new Map<string, Cell>()
    const load = async (): Promise<void> => {
      try {
        const loaded = await api.xray(id)
        if (current) setView(withCells(loaded, received))
      } catch (failure) {
        // An X-ray that is stopped before its first cell is removed: the page keeps what it shows.
        if (current) setError(failureText(failure))
      }
    }
    const end = xrayFeed.listen((event) => {
      if (event.id !== id) return
      for (const cell of event.cells as readonly Cell[]) received.set(cell.id, cell)
      if (event.cells.length > 0) setFresh(new Set(received.keys()))
      setView((before) => {
        // An X-ray that has ended does not continue: such an event is an old one.
        if (before === null || before.state !== 'running') return before
        const begins = event.total > 0 && before.matrix.steps.length === 0
        if (begins || event.state !== 'running') void load()
        return withEvent(before, event, received)
      })
    })
    setView(null)
    setError(null)
    setFresh(new Set())
    void load()
    return () => {
      current = false
      end()
    }
  }, [id])
  return { view, error, fresh }
}

/** All X-rays. Any X-ray event reloads them. */
export function useXrays(): Loaded<XrayList> {
  const loaded = useLoaded(api.xrays, 'xrays')
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = xrayFeed.listen(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        loaded.reload()
      }, 700)
    })
    return () => {
      clearTimeout(timer)
      end()
    }
  }, [])
  return loaded
}

function withEvent(
  view: XrayView,
  { state, status, done, total, leftMs }: XrayEvent,
  received: ReadonlyMap<string, Cell>,
): XrayView {
  return withCells({ ...view, state, status, done, total, leftMs: leftMs ?? null }, received)
}

/** Adds the cells that the matrix does not have. Loaded cells stay: they contain more than the events. */
function withCells(view: XrayView, received: ReadonlyMap<string, Cell>): XrayView {
  const there = new Set(view.matrix.cells.map(({ id }) => id))
  const missing = [...received.values()].filter(({ id }) => !there.has(id))
  if (missing.length === 0) return view
  return { ...view, matrix: { ...view.matrix, cells: [...view.matrix.cells, ...missing] } }
}
