import { useState } from 'preact/hooks'

import type { LabView } from '../../../../contracts/api.ts'
import { api } from '../../data/api.ts'
import { useAction } from '../../hooks/use-action.ts'

/** Asks for the learner's explanation after the first violated run. The story appears after it. */
export function ExplanationForm({
  lab,
  onChange,
}: {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}) {
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
        Explain it in your own words before you read the story. Which step was completed? Which step
        was not? Which process received a response?
      </p>
      <textarea
        rows={4}
        value={text}
        aria-label="What happened?"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button class="primary" disabled={busy || text.trim().length < 10} data-testid="show-story">
        Show the story
      </button>
      {error !== null && <p class="error small">{error}</p>}
    </form>
  )
}
