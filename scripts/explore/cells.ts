import { system } from '#chaos/system.ts'
import { lookOf } from '#chaos/xray/judging/cell-results.ts'
import { columns } from '#chaos/xray/planning/columns.ts'

import type { RecordedCell, RecordedXray, Recording } from './recording.ts'
import { linkWords, storyWords } from './story-words.ts'
import { stepWith } from './versions.ts'

/** A cell in words. */
export interface CellView {
  readonly id: string
  readonly title: string
  readonly colour: string
  readonly word: string
  readonly meaning: string
  readonly story: string
  /** The cell that represents it. */
  readonly sameAs?: string
}

export function cellIdOf(
  { xray }: { readonly xray: Pick<RecordedXray, 'steps'> },
  { signature, column }: { readonly signature: string; readonly column: string },
): string {
  return `${stepWith(xray.steps, signature).id}/${column}`
}

export function cellOf(recording: Recording, id: string): RecordedCell {
  const cell = recording.xray.cells.find((one) => one.id === id)
  if (cell === undefined)
    throw new Error(`The recording of ${recording.version} has no cell ${id}.`)
  return cell
}

/** A cell as the page shows it: a cell that was not run has the result of the one that represents it. */
export function viewCell(recording: Recording, id: string): CellView {
  const cell = cellOf(recording, id)
  const [stepId = '', columnId = ''] = id.split('/')
  const step = recording.xray.steps.find((one) => one.id === stepId)
  const column = columns.find((one) => one.id === columnId)
  const shown = representativeOf(recording, cell)
  const { colour, word, meaning } = lookOf(shown.result, system.xray?.words?.meanings)
  return {
    id,
    title: `${step?.signature ?? stepId}${(step?.nth ?? 1) > 1 ? ` (number ${step?.nth})` : ''} ${linkWords(step?.link ?? '')}: ${column?.words ?? columnId}`,
    colour,
    word,
    meaning,
    story: storyWords(shown.story ?? shown.why ?? ''),
    ...(shown === cell ? {} : { sameAs: shown.id }),
  }
}

function representativeOf(recording: Recording, cell: RecordedCell): RecordedCell {
  return cell.sameAs === undefined
    ? cell
    : representativeOf(recording, cellOf(recording, cell.sameAs))
}
