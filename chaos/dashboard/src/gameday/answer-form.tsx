import { useState } from 'preact/hooks'

import type {
  AnswersBody,
  GamedayView,
  OpenIncident,
} from '../../../contracts/gameday/gameday-view.ts'
import { clockTime } from '../../../gameday/clock-time.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { PlaceList } from './place-list.tsx'

/** Is something wrong, where, why, and how it spread. The latest answers count until the incident closes. */
export function AnswerForm({
  view: { places, causes },
  open: { answers, openForMs, shortestMs },
  onView,
}: {
  readonly view: GamedayView
  readonly open: OpenIncident
  readonly onView: (view: GamedayView) => void
}) {
  const [wrong, setWrong] = useState<boolean | null>(answers?.wrong ?? null)
  const [where, setWhere] = useState<readonly string[]>(answers?.where ?? [])
  const [cause, setCause] = useState(answers?.cause ?? '')
  const [chain, setChain] = useState<readonly string[]>(answers?.chain ?? [])
  const [note, setNote] = useState(answers?.note ?? '')
  const { busy, error, run } = useAction()
  const send = (isFinal: boolean): void => {
    if (wrong === null) return
    const body: AnswersBody = {
      wrong,
      ...(wrong ? { where, chain, ...(cause === '' ? {} : { cause }) } : {}),
      ...(note === '' ? {} : { note }),
      ...(isFinal ? { final: true } : {}),
    }
    run(async () => onView(await api.answerIncident(body)))
  }
  const tooEarly = openForMs < shortestMs
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        send(false)
      }}
    >
      <fieldset>
        <legend>Is something wrong?</legend>
        {[true, false].map((value) => (
          <label key={String(value)}>
            <input
              type="radio"
              name="wrong"
              checked={wrong === value}
              data-testid={value ? 'wrong-yes' : 'wrong-no'}
              onChange={() => setWrong(value)}
            />
            {value ? 'Yes' : 'No'}
          </label>
        ))}
      </fieldset>
      {wrong === true && (
        <>
          <PlaceList
            label="Where does it begin?"
            places={places}
            chosen={where}
            onChange={setWhere}
          />
          <label>
            Why?
            <select
              value={cause}
              data-testid="cause"
              onChange={({ currentTarget }) => setCause(currentTarget.value)}
            >
              <option value="">not known</option>
              {causes.map(({ id, words }) => (
                <option key={id} value={id} title={words}>
                  {id}: {words}
                </option>
              ))}
            </select>
          </label>
          <PlaceList
            label="How does it spread? In order, the cause first"
            places={places}
            chosen={chain}
            onChange={setChain}
          />
        </>
      )}
      <label>
        What did you do, and why?
        <textarea
          rows={2}
          maxLength={2_000}
          value={note}
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </label>
      <div class="row">
        <button disabled={busy || wrong === null} data-testid="keep-answers">
          Keep answers
        </button>
        <button
          type="button"
          class="primary"
          disabled={busy || wrong === null || tooEarly}
          title={tooEarly ? `From ${clockTime(shortestMs)} on` : undefined}
          data-testid="final-answers"
          onClick={() => send(true)}
        >
          Final answers
        </button>
        <span class="small muted" role="status">
          {answers === null ? '' : `✓ Kept at ${clockTime(answers.atMs)}`}
        </span>
      </div>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}
