import { cellResults } from '../../../xray/judging/cell-results.ts'
import { useLook } from './use-look.ts'

/** Every result, with its meaning. */
export function Legend() {
  return (
    <details class="panel">
      <summary>Results and their meanings</summary>
      <ul class="xray-legend">
        {cellResults.map(useLook()).map(({ colour, word, meaning }) => (
          <li key={meaning}>
            <span class={`cell ${colour}`}>{word}</span> {meaning}
          </li>
        ))}
      </ul>
    </details>
  )
}
