import type { XrayMatrix } from '../../../xray/live/xray-view.ts'
import type { Cell } from '../../../xray/matrix.ts'
import { columnNamed } from '../../../xray/planning/columns.ts'
import { stepLabelWords } from './cell-words.ts'
import { useLook } from './use-look.ts'

/** Two lines about the cell under the pointer or the focus: what the processes did, and the state of the stores. */
export function CellPreview({
  cell,
  matrix,
}: {
  readonly cell: Cell | undefined
  readonly matrix: XrayMatrix
}) {
  const look = useLook()
  const step = matrix.steps.find(({ id }) => id === cell?.step)
  if (cell === undefined || step === undefined)
    return (
      <div class="peek">
        <p class="muted">Point at a cell to see its result. Click it to read its story.</p>
      </div>
    )
  const { colour, word, meaning } = look(cell.result)
  const { link, what } = stepLabelWords(step)
  return (
    <div class="peek" data-testid="peek">
      <p>
        <span class={`cell ${colour}`}>{word}</span>
        <b>{what}</b> on {link}: {columnNamed(cell.column)?.words ?? cell.column}.
      </p>
      {cell.global === undefined ? (
        <p>{cell.why ?? `${meaning}: ${cell.sameAs ?? ''}`}</p>
      ) : (
        <p class="both">
          <span>
            <i>processes</i> {cell.local}
          </span>
          <span>
            <i>stores</i> {cell.global}
          </span>
        </p>
      )}
    </div>
  )
}
