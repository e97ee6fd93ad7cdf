import { useMemo, useState } from 'preact/hooks'

import type { XrayMatrix } from '../../../xray/live/xray-view.ts'
import type { Cell } from '../../../xray/matrix.ts'
import { columns } from '../../../xray/planning/columns.ts'
import { CellPreview } from './cell-preview.tsx'
import { stepLabelWords, cellName, cellWord } from './cell-words.ts'
import { moveFocus } from './move-focus.ts'
import { useLook } from './use-look.ts'

export interface MatrixTableProps {
  readonly matrix: XrayMatrix
  readonly running: boolean
  readonly fresh: ReadonlySet<string>
  readonly onOpen: (cell: string) => void
}

/** Each row is an exchange, each column a fault: one word and one colour per cell. */
export function MatrixTable({ matrix, running, fresh, onOpen }: MatrixTableProps) {
  const lookOf = useLook()
  const { steps, cells } = matrix
  const byId = useMemo(() => new Map(cells.map((cell) => [cell.id, cell])), [cells])
  const [looked, setLooked] = useState<string | null>(null)
  // Tab returns to the last cell that had the focus.
  const stop = looked !== null && byId.has(looked) ? looked : cellsInOrder(matrix, byId)[0]?.id
  const look = (event: Event): void => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]')?.dataset['cell']
    if (id !== undefined) setLooked(id)
  }
  return (
    <>
      <div class="scroll">
        <table
          class="xray"
          onKeyDown={moveFocus}
          onFocusIn={look}
          onMouseOver={look}
          aria-describedby="xray-walk"
        >
          <caption class="unseen">
            The messages of {matrix.flow}, and the result of each fault on them
          </caption>
          <thead>
            <tr>
              <td />
              {columns.map(({ id, heading, words }) => (
                <th key={id} scope="col" title={words}>
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => {
              const { link, what } = stepLabelWords(step)
              return (
                <tr key={step.id}>
                  <th scope="row">
                    <i>{step.id}</i> <span>{link}</span> <b>{what}</b>
                  </th>
                  {columns.map(({ id }) => {
                    const cell = byId.get(`${step.id}/${id}`)
                    return (
                      <td key={id}>
                        {cell === undefined ? (
                          <span class="cell pending">{running ? '…' : '–'}</span>
                        ) : (
                          <button
                            class={`cell ${lookOf(cell.result).colour} ${fresh.has(cell.id) ? 'fresh' : ''}`}
                            data-cell={cell.id}
                            tabIndex={cell.id === stop ? 0 : -1}
                            aria-label={cellName(cell, step, lookOf(cell.result).meaning)}
                            onClick={() => onOpen(cell.id)}
                          >
                            {cellWord(cell)}
                          </button>
                        )}
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p id="xray-walk" class="unseen">
        Arrow keys move between cells. Enter opens the story of a cell.
      </p>
      <CellPreview cell={looked === null ? undefined : byId.get(looked)} matrix={matrix} />
    </>
  )
}

function cellsInOrder({ steps }: XrayMatrix, byId: ReadonlyMap<string, Cell>): readonly Cell[] {
  return steps.flatMap((step) =>
    columns.flatMap(({ id }) => {
      const cell = byId.get(`${step.id}/${id}`)
      return cell === undefined ? [] : [cell]
    }),
  )
}
