import type { LabView } from '../../../contracts/api.ts'
import { TransferPanel } from '../learning/transfer-panel.tsx'
import { ExplanationForm } from '../parts/lab/explanation-form.tsx'
import { LabHints } from '../parts/lab/hints.tsx'
import { PredictionForm } from '../parts/lab/prediction-form.tsx'
import { PredictionOutcome } from '../parts/lab/prediction-outcome.tsx'
import { LabSolution } from '../parts/lab/solution.tsx'
import { RunProgress } from '../parts/run-progress.tsx'
import { VerdictView } from '../parts/verdict.tsx'
import { LensForm } from './lens-form.tsx'
import { NextLab } from './next-lab.tsx'
import { StartLab } from './start-lab.tsx'
import { TwoRuns } from './two-runs.tsx'
import { mustPredict } from './use-check.ts'
import type { Check } from './use-check.ts'

/** The steps of the learner: start, predict, check, explain, fix, check again, and what comes after. */
export function CheckPane({
  lab,
  check,
  onChange,
}: {
  readonly lab: LabView
  readonly check: Check
  readonly onChange: (lab: LabView) => void
}) {
  if (lab.files.length === 0)
    return (
      <section class="panel stack">
        <h2>Start</h2>
        <p>{lab.goal}</p>
        <StartLab lab={lab} onChange={onChange} testid="start-lab" />
      </section>
    )
  if (mustPredict(lab)) return <PredictionForm lab={lab} onChange={onChange} />
  const { run } = check
  const mustExplain = run?.verdict?.outcome === 'violated' && lab.explanation === null
  const held = lab.state === 'held'
  return (
    <div class="stack check-steps">
      <CheckPanel lab={lab} check={check} mustExplain={mustExplain} />
      {mustExplain && <ExplanationForm lab={lab} onChange={onChange} />}
      {held && <TwoRuns lab={lab} />}
      {held && <TransferPanel lab={lab} />}
      {held && <NextLab lab={lab} />}
      <PredictionOutcome lab={lab} />
      {!mustExplain && lab.explanation !== null && (
        <section class="panel stack">
          <h2>Your explanation</h2>
          <p class="own-words">{lab.explanation}</p>
        </section>
      )}
      {!held && <LabHints lab={lab} onChange={onChange} />}
      {lab.state !== 'started' && <LensForm lab={lab} onChange={onChange} />}
      {held && <LabSolution lab={lab} />}
    </div>
  )
}

function CheckPanel({
  lab,
  check: { run, running, busy, error, changedSince, start },
  mustExplain,
}: {
  readonly lab: LabView
  readonly check: Check
  readonly mustExplain: boolean
}) {
  return (
    <section class="panel stack">
      <header class="row" style={{ margin: 0 }}>
        <h2>Check</h2>
        <button
          class="primary"
          data-key="check"
          data-testid="check"
          disabled={busy || running}
          onClick={start}
        >
          {running
            ? 'Checking …'
            : run === null
              ? 'Check'
              : changedSince
                ? 'File changed: check again'
                : 'Check again'}
        </button>
        <span class="small muted">
          or <kbd>Ctrl</kbd>+<kbd>Enter</kbd> in the editor
        </span>
      </header>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
      {run !== null && <RunProgress run={run} />}
      {run?.error != null && (
        <p class="error small run-error" role="alert">
          {run.error.error} {run.error.remedy ?? ''}
        </p>
      )}
      {run?.verdict != null && (
        <VerdictView
          verdict={run.verdict}
          showStory={!mustExplain && lab.storyLockedUntil === null}
        />
      )}
      {run?.verdict?.outcome === 'violated' && !mustExplain && !changedSince && (
        <p>Fix the code in the editor, then check again.</p>
      )}
      {run !== null && !running && (
        <a class="small" href={`#/runs/${run.id}`} data-testid="open-run">
          Open the run: charts, events, files
        </a>
      )}
    </section>
  )
}
