import './transfer-panel.css'
import { useState } from 'preact/hooks'

import type {
  AnsweredTransfer,
  LabView,
  TransferQuestion,
  TransferView,
} from '../../../contracts/api.ts'
import { api } from '../data/api.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { ConfidenceField } from '../parts/lab/confidence-field.tsx'

/** The same failure mode in code that the learner has not seen: now, and again a week later. */
export function TransferPanel({ lab }: { readonly lab: LabView }) {
  const loaded = useLoaded(async () => api.transfer(lab.id), `${lab.id} ${lab.transfer.state}`)
  const [answeredView, setView] = useState<TransferView | null>(null)
  const isOld =
    answeredView?.lab !== lab.id ||
    // A question has become due since the last answer.
    (answeredView.state === 'waiting' && lab.transfer.state === 'due')
  const view = isOld ? loaded.value : answeredView
  if (loaded.error !== null) return <p class="error small">{loaded.error}</p>
  if (view === null || view.state === 'locked') return null
  return (
    <section class="panel stack transfer" data-testid="transfer">
      <h2>The same failure mode, in other code</h2>
      {view.answered.map((answered) => (
        <Answered key={answered.question.step} answered={answered} />
      ))}
      {view.question !== null && (
        <Question
          key={view.question.step}
          lab={lab.id}
          question={view.question}
          onAnswer={setView}
        />
      )}
      {view.state === 'waiting' && (
        <p class="small muted" data-testid="transfer-waits">
          The second question is due from {view.dueAt?.slice(0, 10)} on.
        </p>
      )}
    </section>
  )
}

function Question({
  lab,
  question,
  onAnswer,
}: {
  readonly lab: string
  readonly question: TransferQuestion
  readonly onAnswer: (view: TransferView) => void
}) {
  const [choice, setChoice] = useState<string | null>(null)
  const [message, setMessage] = useState<number | null>(null)
  const [confidence, setConfidence] = useState(60)
  const { busy, error, run } = useAction()
  const { step } = question
  return (
    <form
      class="form"
      data-testid={`question-${step}`}
      onSubmit={(event) => {
        event.preventDefault()
        if (choice === null || message === null) return
        const answer = { step, choice, message, confidence }
        run(async () => onAnswer(await api.answerTransfer(lab, answer)))
      }}
    >
      <h3>{question.title}</h3>
      <p class="small">{inline(question.setting)}</p>
      <Code question={question} />
      <fieldset class="choices">
        <legend>What can go wrong here?</legend>
        {question.choices.map(({ id, says }) => (
          <label key={id} class="choice">
            <input
              type="radio"
              name={`choice-${step}`}
              data-choice={id}
              checked={choice === id}
              onChange={() => setChoice(id)}
            />
            {textOf(id, says)}
          </label>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>
          On which message does it begin? It fails, is misread, comes late, comes twice or gets no
          reply.
        </legend>
        {[...question.messages, { number: 0, line: 0, says: 'none of them' }].map(
          ({ number, line, says }) => (
            <label key={number} class="choice">
              <input
                type="radio"
                name={`message-${step}`}
                data-message={number}
                checked={message === number}
                onChange={() => setMessage(number)}
              />
              {number === 0 ? says : `${number}: ${says} (line ${line})`}
            </label>
          ),
        )}
      </fieldset>
      <ConfidenceField value={confidence} onChange={setConfidence} />
      <button
        class="primary"
        disabled={busy || choice === null || message === null}
        data-testid="answer-transfer"
      >
        Answer, then see what is right
      </button>
      {error !== null && (
        <p class="error small" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}

/** The code with line numbers. The numbers of the messages are before their lines. */
function Code({ question: { code, messages, title } }: { readonly question: TransferQuestion }) {
  const lines = code.trimEnd().split('\n')
  return (
    <pre class="transfer-code" tabIndex={0} aria-label={`Code: ${title}`}>
      {lines.map((text, i) => {
        const message = messages.find(({ line }) => line === i + 1)
        return (
          <span key={`${i} ${text}`} class={`line ${message === undefined ? '' : 'message'}`}>
            <span class="mark">{message?.number ?? ''}</span>
            <span class="number" aria-hidden="true">
              {i + 1}
            </span>
            <code>{`${text}\n`}</code>
          </span>
        )
      })}
    </pre>
  )
}

function Answered({ answered }: { readonly answered: AnsweredTransfer }) {
  const { question, answer, right, wrong, explanation, elsewhere } = answered
  const messages = right.messages.length === 0 ? 'none of them' : right.messages.join(' or ')
  return (
    <details open data-testid={`answered-${question.step}`}>
      <summary>
        <h3>{question.title}</h3>
        <span class="small">
          {answer.right ? '✓ right' : '✕ not right'}, {answer.confidence} % sure
        </span>
      </summary>
      <Code question={question} />
      <ul class="transfer-choices small">
        {question.choices.map(({ id, says }) => {
          const because = wrong.find(({ choice }) => choice === id)?.because
          return (
            <li key={id} class={id === right.choice ? 'right' : ''}>
              {id === right.choice ? '✓ ' : '✕ '}
              {textOf(id, says)}
              {id === answer.choice && <b> Your answer.</b>}
              {because !== undefined && <p class="muted">{inline(because)}</p>}
            </li>
          )
        })}
      </ul>
      <p class="small">
        Message: {messages}. Your answer: {answer.message === 0 ? 'none of them' : answer.message}.
      </p>
      <p>{inline(explanation)}</p>
      <p class="small muted">Where else it appears:</p>
      <ul class="small">
        {elsewhere.map((place) => (
          <li key={place}>{inline(place)}</li>
        ))}
      </ul>
    </details>
  )
}

/** The last choice of each question says that the code is right. */
function textOf(id: string, says: string) {
  return inline(id === 'nothing' ? `None of these. ${says}` : says)
}

/** Names in backquotes as code. */
function inline(text: string) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))
}
