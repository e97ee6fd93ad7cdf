import { useEffect, useRef, useState } from 'preact/hooks'

import type { LabView } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useRun } from '../hooks/use-run.ts'
import { LabAfter } from '../parts/lab/after.tsx'
import { ExplanationForm } from '../parts/lab/explanation-form.tsx'
import { LabHints } from '../parts/lab/hints.tsx'
import { PredictionForm } from '../parts/lab/prediction-form.tsx'
import { PredictionOutcome } from '../parts/lab/prediction-outcome.tsx'
import { LabSolution } from '../parts/lab/solution.tsx'
import { Markdown } from '../parts/markdown.tsx'
import { RunProgress } from '../parts/run-progress.tsx'
import { VerdictView } from '../parts/verdict.tsx'

const pollMs = 1_500

/** One lab: read, predict, check, explain, fix. The learner edits the files in their own editor. */
export function LabPage({ id }: { readonly id: string }) {
  const loaded = useLoaded(() => api.lab(id), id)
  const [view, setView] = useState<LabView | null>(null)
  const lab = view ?? loaded.value
  useEffect(() => setView(loaded.value), [loaded.value])
  useEffect(() => {
    // Polls for saved files: a bind mount does not report every change.
    const timer = setInterval(() => {
      if (!document.hidden) void api.lab(id).then(setView, () => null)
    }, pollMs)
    return () => clearInterval(timer)
  }, [id])
  if (loaded.error !== null && lab === null) return <p class="error">{loaded.error}</p>
  if (lab === null) return <p class="empty">Loading {id} …</p>
  return (
    <div class="lab">
      <article class="panel">
        <Markdown text={mustPredict(lab) ? beforeRun(lab.readme) : lab.readme} />
        {mustPredict(lab) && <p class="muted later">Lock your prediction to read the rest.</p>}
        {!mustPredict(lab) && <LabAfter lab={lab} />}
      </article>
      <aside class="column">
        <LabSteps lab={lab} onChange={setView} />
      </aside>
    </div>
  )
}

/** Whether the lab still waits for a prediction. After a measured run it is too late: the result is known. */
function mustPredict(lab: LabView): boolean {
  return lab.prediction === null && lab.outcomeOfPrediction === null
}

/** The README up to its section Run. The rest contains measured results, so it appears after the prediction. */
function beforeRun(readme: string): string {
  return readme.split(/^## Run$/m, 1)[0] ?? readme
}

/** The steps of the learner: start, predict, check, explain, hints, solution. */
function LabSteps({
  lab,
  onChange,
}: {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}) {
  const { busy, error, run: act } = useAction()
  const newest = lab.runs[0]?.id ?? null
  const [runId, setRunId] = useState<string | null>(newest)
  // A check that the learner starts in a terminal appears here too.
  useEffect(() => {
    if (newest !== null) setRunId(newest)
  }, [newest])
  const { run } = useRun(runId)
  const running = run?.state === 'running'
  const ended = run !== null && !running
  useEffect(() => {
    if (ended) void api.lab(lab.id).then(onChange, () => null)
  }, [ended, run?.id])
  const saved = useSavedSince(lab, run?.endedAt ?? run?.startedAt ?? null)

  if (lab.state === 'new' && lab.files.length === 0)
    return (
      <section class="panel stack">
        <h2>{lab.title}</h2>
        <p>{lab.goal}</p>
        <button
          class="primary"
          disabled={busy}
          data-testid="start-lab"
          onClick={() => act(async () => onChange(await api.startLab(lab.id)))}
        >
          Start this lab
        </button>
        <p class="small muted">
          Copies the starting code to {lab.workFolder}/. Edit it there in your own editor.
        </p>
        {error !== null && <p class="error small">{error}</p>}
      </section>
    )
  if (mustPredict(lab)) return <PredictionForm lab={lab} onChange={onChange} />
  const mustExplain = run?.verdict?.outcome === 'violated' && lab.explanation === null
  return (
    <>
      <section class="panel stack">
        <h2>Check</h2>
        <p class="small">
          Your code:{' '}
          {lab.files.map((file) => (
            <code key={file.path}>{file.path} </code>
          ))}
        </p>
        <button
          class="primary"
          data-key="check"
          data-testid="check"
          disabled={busy || running}
          onClick={() => act(async () => setRunId((await api.checkLab(lab.id)).id))}
        >
          {running ? 'Checking …' : saved ? 'File saved: check again' : 'Check'}
        </button>
        {error !== null && (
          <p class="error small" role="alert">
            {error}
          </p>
        )}
        {run !== null && <RunProgress run={run} />}
        {run?.error !== null && run?.error !== undefined && (
          <p class="error small" role="alert">
            {run.error.error} {run.error.remedy ?? ''}
          </p>
        )}
        {run?.verdict !== null && run?.verdict !== undefined && (
          <VerdictView verdict={run.verdict} showStory={!mustExplain} />
        )}
        {run?.verdict?.outcome === 'violated' && !mustExplain && !saved && (
          <p>Fix the code in your editor. This page detects when you save.</p>
        )}
        {ended && (
          <a class="small" href={`#/runs/${run.id}`} data-testid="open-run">
            Open the run: charts, events, files
          </a>
        )}
      </section>
      {mustExplain && <ExplanationForm lab={lab} onChange={onChange} />}
      <PredictionOutcome lab={lab} />
      <LabHints lab={lab} onChange={onChange} />
      {lab.state === 'held' && <LabSolution lab={lab} />}
    </>
  )
}

/** Whether the learner saved a file of the lab after the given moment. */
function useSavedSince(lab: LabView, since: string | null): boolean {
  const newest = useRef('')
  newest.current = lab.files.reduce(
    (latest, file) => (file.modifiedAt > latest ? file.modifiedAt : latest),
    '',
  )
  return since !== null && newest.current > since
}
