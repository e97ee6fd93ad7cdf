import { resultLooks } from '../../../xray/judging/cell-results.ts'

/** Every word that can stand in a cell. */
export function Legend() {
  return (
    <details class="panel">
      <summary>What the words mean</summary>
      <ul class="xray-legend">
        {Object.values(resultLooks).map(({ colour, word, meaning }) => (
          <li key={meaning}>
            <span class={`cell ${colour}`}>{word}</span> {meaning}
          </li>
        ))}
      </ul>
    </details>
  )
}
