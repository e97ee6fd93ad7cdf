import { useMemo } from 'preact/hooks'

import { sideBySide, withContext } from './side-by-side.ts'

const around = 3

/** Two texts beside each other. A changed line has a sign, so its colour is not the only mark. */
export function TwoTexts({
  left,
  right,
}: {
  readonly left: { readonly title: string; readonly text: string }
  readonly right: { readonly title: string; readonly text: string }
}) {
  const rows = useMemo(
    () => withContext(sideBySide(left.text, right.text), around),
    [left.text, right.text],
  )
  if (rows.every((row) => row === null)) return <p class="small muted">Both texts are the same.</p>
  return (
    <div class="two-texts" tabIndex={0} role="group" aria-label={`${left.title}, ${right.title}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{left.title}</th>
            <th scope="col">{right.title}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) =>
            row === null ? (
              <tr key={i} class="left-out">
                <td>⋮</td>
                <td>⋮</td>
              </tr>
            ) : (
              <tr key={i}>
                <td class={row.changed && row.left !== null ? 'minus' : ''}>
                  {side(row.left, row.changed ? '- ' : '  ')}
                </td>
                <td class={row.changed && row.right !== null ? 'plus' : ''}>
                  {side(row.right, row.changed ? '+ ' : '  ')}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}

function side(text: string | null, sign: string): string {
  return text === null ? '' : sign + text
}
