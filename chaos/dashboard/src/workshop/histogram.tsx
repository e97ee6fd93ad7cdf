import type { LabPredictions } from '../../../contracts/workshop.ts'
import { answerLetter, firstVerdictsText, mostFailed, shareOf } from './words.ts'

/** How learners answered, and beside it what was measured. The answer that the run confirms has a sign and a frame. */
export function Histogram({ predictions }: { readonly predictions: LabPredictions }) {
  const { answers, total, right, because } = predictions
  const verdicts = firstVerdictsText(predictions)
  const failed = mostFailed(predictions, 3)
  return (
    <div class="histogram">
      <ol class="answers">
        {answers.map(({ text, count, confidence }, index) => (
          <li key={index} class={index === right ? 'right' : ''}>
            <p class="answer">
              <b>{answerLetter(index)}</b> {text}
            </p>
            <span class="bar" aria-hidden="true">
              <i style={{ width: `${shareOf(count, total)}%` }} />
            </span>
            <p class="count">
              {count} of {total}
              {confidence !== null && <span class="muted">, {confidence} % sure</span>}
            </p>
          </li>
        ))}
      </ol>
      <div class="measured">
        <p>
          <b>Measured: ✓ {answerLetter(right)}.</b> {because}
        </p>
        {verdicts !== null && <p>First verdicts of the learners' code: {verdicts}.</p>}
        {failed.length > 0 && (
          <p class="checks-of-class">
            Violated checks: {failed.map(([check, count]) => `${check} (${count})`).join(', ')}.
          </p>
        )}
      </div>
    </div>
  )
}
