import type { LabView } from '../../../../contracts/api.ts'

/** The learner's prediction and, after a run, the measured result. */
export function PredictionOutcome({ lab }: { readonly lab: LabView }) {
  const { prediction, outcomeOfPrediction: outcome } = lab
  if (prediction === null) return null
  if (outcome === null)
    return (
      <section class="panel stack">
        <h2>Your prediction</h2>
        <p>
          {lab.answers[prediction.answer]}{' '}
          <span class="muted">({prediction.confidence} % sure)</span>
        </p>
      </section>
    )
  const right = prediction.answer === outcome.right
  return (
    <section class="panel stack">
      <h2>Your prediction</h2>
      <dl class="facts">
        <dt>predicted</dt>
        <dd>
          {right ? '✓ ' : '✕ '}
          {lab.answers[prediction.answer]} ({prediction.confidence} % sure)
        </dd>
        <dt>measured</dt>
        <dd>{lab.answers[outcome.right]}</dd>
      </dl>
      <p class="small">{outcome.because}</p>
    </section>
  )
}
