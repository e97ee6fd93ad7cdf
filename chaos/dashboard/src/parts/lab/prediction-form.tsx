import { useState } from 'preact/hooks'

import type { LabView } from '../../../../contracts/api.ts'
import { api } from '../../data/api.ts'
import { useAction } from '../../hooks/use-loaded.ts'

interface Props {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}

/** What will happen? Asked before the first run, then locked. */
export function PredictionForm({ lab, onChange }: Props) {
  const [answer, setAnswer] = useState<number | null>(null)
  const [confidence, setConfidence] = useState(60)
  const { busy, error, run } = useAction()
  return (
    <form
      class="panel form asking"
      data-testid="prediction"
      onSubmit={(event) => {
        event.preventDefault()
        if (answer !== null)
          run(async () => onChange(await api.predict(lab.id, { answer, confidence })))
      }}
    >
      <h2>Predict first</h2>
      <p class="small muted">
        People who predict before they look understand what they see. It is locked once you run.
      </p>
      <fieldset class="choices">
        <legend>{lab.question}</legend>
        {lab.answers.map((text, i) => (
          <label key={text} class="choice">
            <input
              type="radio"
              name="answer"
              checked={answer === i}
              onChange={() => setAnswer(i)}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <label>
        <span>
          How sure are you? <span class="value">{confidence} %</span>
        </span>
        <input
          type="range"
          min={0}
          max={100}
          step={5}
          value={confidence}
          onInput={(event) => setConfidence(Number(event.currentTarget.value))}
        />
      </label>
      <button class="primary" disabled={busy || answer === null} data-testid="lock">
        Lock it in
      </button>
      {error !== null && <p class="error small">{error}</p>}
    </form>
  )
}

/** After the first violated run, before the story is told. */
export function ExplanationForm({ lab, onChange }: Props) {
  const [text, setText] = useState('')
  const { busy, error, run } = useAction()
  return (
    <form
      class="panel form"
      data-testid="explanation"
      onSubmit={(event) => {
        event.preventDefault()
        run(async () => onChange(await api.explain(lab.id, text)))
      }}
    >
      <h2>What happened?</h2>
      <p class="small muted">
        In your words, before the story is told: which step was done, which was not, and who knew?
      </p>
      <textarea
        rows={4}
        value={text}
        aria-label="What happened?"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button class="primary" disabled={busy || text.trim().length < 10}>
        Tell me the story
      </button>
      {error !== null && <p class="error small">{error}</p>}
    </form>
  )
}

/** The prediction, and beside it the measurement as soon as there is one. */
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
        <dt>you said</dt>
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
