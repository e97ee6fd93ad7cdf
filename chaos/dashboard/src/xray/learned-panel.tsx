import './flow-file.css'
import type { XrayMatrix } from '../../../xray/live/xray-view.ts'
import { MaskedText } from './masked-text.tsx'

/** What one run does to the stores, as runs without a fault have shown it. */
export function LearnedPanel({ learned }: { readonly learned: XrayMatrix['learned'] }) {
  // An X-ray of an earlier version has no tables here.
  if (learned?.tables === undefined) return null
  const { tables, notes } = learned
  return (
    <details class="panel learned" data-testid="learned">
      <summary>
        The learned effect of one run{' '}
        <span class="muted small">
          {tables.length} {tables.length === 1 ? 'table' : 'tables'}; every cell is compared with it
        </span>
      </summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">table</th>
              <th scope="col">one run has</th>
              <th scope="col">rows</th>
            </tr>
          </thead>
          <tbody>
            {tables.map(({ table, op, holds, because, rows }) => (
              <tr key={`${table} ${op}`}>
                <th scope="row">
                  <code>{table}</code> {op}
                </th>
                <td>
                  <b>{holds}</b> <span class="muted small">{because}</span>
                </td>
                <td>
                  {rows.map((row, i) => (
                    <code class="row-text" key={i}>
                      <MaskedText text={row} />
                    </code>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul class="small">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
        <li>
          <i class="mask">‹time›</i> is a mask: the value differs from run to run, so only its kind
          is compared.
        </li>
        <li>
          Wrong? Correct it in the flow file with <code>mask</code>, <code>keep</code>,{' '}
          <code>exactlyOne</code>, <code>mayRepeat</code> and <code>ignore</code>.
        </li>
      </ul>
    </details>
  )
}
