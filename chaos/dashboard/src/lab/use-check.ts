import { useEffect, useState } from 'preact/hooks'

import type { LabView, RunView } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useRun } from '../hooks/use-run.ts'

export interface Check {
  /** The newest run of the lab. */
  readonly run: RunView | null
  readonly running: boolean
  readonly busy: boolean
  readonly error: string | null
  /** Whether a file changed after the newest run began. */
  readonly changedSince: boolean
  readonly start: () => void
}

/** The newest run of a lab, and a way to start one. A check that the learner starts in a terminal appears too. */
export function useCheck(
  lab: LabView | null,
  options: {
    readonly onChange: (lab: LabView) => void
    /** Saves the files first. False: they could not be saved. */
    readonly save: () => Promise<boolean>
    readonly onStart: () => void
  },
): Check {
  const { busy, error, run: act } = useAction()
  const newest = lab?.runs[0]?.id ?? null
  const [runId, setRunId] = useState<string | null>(newest)
  useEffect(() => {
    if (newest !== null) setRunId(newest)
  }, [newest])
  const { run } = useRun(runId, lab?.storyLockedUntil ?? 'open')
  const running = run?.state === 'running'
  const ended = run !== null && !running
  useEffect(() => {
    if (ended && lab !== null) void api.lab(lab.id).then(options.onChange, () => null)
  }, [ended, run?.id])
  const start = (): void => {
    if (lab === null || busy || running || mustPredict(lab)) return
    act(async () => {
      if (!(await options.save())) throw new Error('Your code is not on disk yet: see the editor.')
      options.onStart()
      setRunId((await api.checkLab(lab.id)).id)
    })
  }
  return { run, running, busy, error, changedSince: changedSince(lab, run), start }
}

/** Whether the lab still waits for a prediction. After a measured run it is too late: the result is known. */
export function mustPredict(lab: LabView): boolean {
  return lab.prediction === null && lab.outcomeOfPrediction === null
}

function changedSince(lab: LabView | null, run: RunView | null): boolean {
  if (lab === null || run === null) return false
  return lab.files.some(({ modifiedAt }) => modifiedAt > run.startedAt)
}
