import { useState } from 'preact/hooks'

import type { LabView } from '../../../../contracts/api.ts'
import { api } from '../../data/api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { ConfidenceField } from './confidence-field.tsx'

/** Asks the learner before the first run what will happen. The prediction cannot be changed after the run. */
export function PredictionForm({
  lab,
  onChange,
}: {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}) {
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
        Predict the result before you see it: you then learn more from the run. You cannot change
        your prediction later.
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
      <ConfidenceField value={confidence} onChange={setConfidence} />
      <button class="primary" disabled={busy || answer === null} data-testid="lock">
        Lock the prediction
      </button>
      {error !== null && <p class="error small">{error}</p>}
    </form>
  )
}
