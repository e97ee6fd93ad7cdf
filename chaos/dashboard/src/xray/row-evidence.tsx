import './flow-file.css'
import type { EvidenceLine } from '../../../contracts/system/flow.ts'
import { MaskedText } from './masked-text.tsx'

const signs: Readonly<
  Record<EvidenceLine['sign'], { readonly look: string; readonly word: string }>
> = {
  '-': { look: 'missing', word: 'missing' },
  '+': { look: 'further', word: 'further' },
  '~': { look: 'differs', word: 'another value' },
  ' ': { look: 'same', word: 'as learned' },
}

/** The rows of the stores after a run, compared with the learned effect: what differs first. */
export function RowEvidence({ lines }: { readonly lines: readonly EvidenceLine[] }) {
  if (lines.length === 0) return null
  const sorted = lines.toSorted((a, b) => Number(a.sign === ' ') - Number(b.sign === ' '))
  return (
    <div class="scroll">
      <table class="evidence" data-testid="evidence">
        <caption class="small muted">
          The rows of the stores, compared with the learned effect
        </caption>
        <thead class="unseen">
          <tr>
            <th scope="col">compared</th>
            <th scope="col">table</th>
            <th scope="col">row</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((line, i) => (
            <Row key={i} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ line: { sign, table, text, learned } }: { readonly line: EvidenceLine }) {
  const { look, word } = signs[sign]
  return (
    <tr class={look}>
      <td class="nowrap">
        <span aria-hidden="true">{sign}</span> {word}
      </td>
      <td>
        <code>{table}</code>
      </td>
      <td>
        <code class="row-text">
          <MaskedText text={text} />
        </code>
        {learned !== undefined && (
          <code class="row-text learned-value">
            learned: <MaskedText text={learned} />
          </code>
        )}
      </td>
    </tr>
  )
}
