import { useEffect, useState } from 'preact/hooks'

import type { TrapStatus } from '../../../contracts/links.ts'
import { api } from '../data/api.ts'
import { usePageState } from '../data/page-state.ts'

export interface Traps {
  readonly traps: readonly TrapStatus[]
  /** After a change by this page. */
  readonly reload: () => void
}

/** The traps that are not disarmed. Read again with each refresh of the sandbox, each event of a trap, and a new `armed`. */
export function useTraps(armed: number): Traps {
  const [traps, setTraps] = useState<readonly TrapStatus[]>([])
  const [turn, setTurn] = useState(0)
  const sandbox = usePageState((state) => state.sandbox)
  const last = usePageState(({ timeline }) => timeline.findLast(({ type }) => type === 'trap')?.seq)
  useEffect(() => {
    let current = true
    // Without a response the page says so in its header, and the list stays as it was.
    void api.traps().then(
      (loaded) => current && setTraps(loaded),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [sandbox, last, turn, armed])
  return { traps, reload: () => setTurn((n) => n + 1) }
}
