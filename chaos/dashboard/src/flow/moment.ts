import { useEffect, useState } from 'preact/hooks'

import { getPageState, onPageStateChange, updatePageState } from '../data/page-state.ts'

/** Shows this moment in all views of a run. `run` is the id of the run; of a live flow, its own id. */
export function setMoment(run: string, ms: number): void {
  const before = getPageState().moment
  if (before?.run === run && before.ms === ms) return
  updatePageState({ moment: { run, ms } })
}

/** The moment that the views of a run show; null before the user chose one. */
export function momentOf(run: string): number | null {
  const { moment } = getPageState()
  return moment?.run === run ? moment.ms : null
}

/** The moment of a run. The component is drawn again when it changes. */
export function useMoment(run: string): number | null {
  const [ms, setMs] = useState(() => momentOf(run))
  useEffect(() => {
    const update = (): void => setMs(momentOf(run))
    update()
    return onPageStateChange(update)
  }, [run])
  return ms
}
