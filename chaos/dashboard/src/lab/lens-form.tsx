import { useEffect, useState } from 'preact/hooks'

import type { LabView, Lenses } from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'

const questions: readonly {
  readonly key: keyof Lenses
  readonly name: string
  readonly question: string
}[] = [
  {
    key: 'contract',
    name: 'Contract',
    question: 'What did each side promise the other? Which promise was written down nowhere?',
  },
  {
    key: 'truth',
    name: 'Source of truth',
    question: 'Where do you look to know what really happened? What says something different?',
  },
  {
    key: 'failure',
    name: 'The failure mode that will come back',
    question: 'Not this incident, but its kind: where is it in your own system?',
  },
  {
    key: 'blastRadius',
    name: 'Blast radius',
    question: 'What else failed that did not need to fail? What kept working, and why?',
  },
  {
    key: 'tradeOff',
    name: 'Trade-off',
    question: 'What does the fix cost in latency, rejected work, money and code?',
  },
]

/** The five lenses in the learner's own words. They are kept with the progress, and exported with it. */
export function LensForm({
  lab,
  onChange,
}: {
  readonly lab: LabView
  readonly onChange: (lab: LabView) => void
}) {
  const [texts, setTexts] = useState<Lenses>(lab.lenses)
  const { busy, error, run } = useAction()
  const saved = questions.every(({ key }) => texts[key] === lab.lenses[key])
  // Another page of the same learner can save them too.
  useEffect(() => {
    if (saved) setTexts(lab.lenses)
  }, [lab.lenses])
  const written = questions.filter(({ key }) => lab.lenses[key].trim() !== '').length
  return (
    <details class="panel lenses" data-testid="lenses" open={lab.state === 'held'}>
      <summary>
        <h2>The five lenses, in your own words</h2>
        <span class="muted small">{written} of 5 written</span>
      </summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          run(async () => onChange(await api.reflect(lab.id, texts)))
        }}
      >
        {questions.map(({ key, name, question }) => (
          <label key={key}>
            <span>
              <b>{name}.</b> {question}
            </span>
            <textarea
              rows={2}
              maxLength={10_000}
              value={texts[key]}
              data-lens={key}
              onInput={(event) => {
                const text = event.currentTarget.value
                setTexts((before) => ({ ...before, [key]: text }))
              }}
            />
          </label>
        ))}
        <div class="row">
          <button disabled={busy || saved} data-testid="save-lenses">
            Save
          </button>
          <span class="small muted" role="status">
            {saved ? (written > 0 ? '✓ Saved' : '') : '● Not saved yet'}
          </span>
        </div>
        {error !== null && (
          <p class="error small" role="alert">
            {error}
          </p>
        )}
      </form>
    </details>
  )
}
