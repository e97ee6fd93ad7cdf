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
  /** Cells that came in while somebody looked. */
  readonly fresh: ReadonlySet<string>
}

/** One X-ray, filled by events while it goes on. */
export function useXray(id: string): FollowedXray {
  const [view, setView] = useState<XrayView | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    let current = true
    // Cells that were told of while the matrix was on its way here.
    const told = new Map<string, Cell>()
    const load = async (): Promise<void> => {
      try {
        const loaded = await api.xray(id)
        if (current) setView(withCells(loaded, told))
      } catch (failure) {
        // One that was stopped before its first cell has left nothing: what is shown stays.
        if (current) setError(failureText(failure))
      }
    }
    const end = xrayFeed.listen((event) => {
      if (event.id !== id) return
      for (const cell of event.cells as readonly Cell[]) told.set(cell.id, cell)
      if (event.cells.length > 0) setFresh(new Set(told.keys()))
      setView((before) => {
        // What is over does not go on again: such an event comes from the past.
        if (before === null || before.state !== 'running') return before
        const begins = event.total > 0 && before.matrix.steps.length === 0
        if (begins || event.state !== 'running') void load()
        return withEvent(before, event, told)
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

/** All X-rays, loaded again when something happens to one. */
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
  told: ReadonlyMap<string, Cell>,
): XrayView {
  return withCells({ ...view, state, status, done, total, leftMs: leftMs ?? null }, told)
}

/** Nothing is taken away: a finished matrix knows more about each cell than the event did. */
function withCells(view: XrayView, told: ReadonlyMap<string, Cell>): XrayView {
  const there = new Set(view.matrix.cells.map(({ id }) => id))
  const missing = [...told.values()].filter(({ id }) => !there.has(id))
  if (missing.length === 0) return view
  return { ...view, matrix: { ...view.matrix, cells: [...view.matrix.cells, ...missing] } }
}
