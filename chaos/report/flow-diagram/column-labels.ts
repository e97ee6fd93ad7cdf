import { charWidth, type DrawnLabel, rowHeight, type Tone } from './flow-layout.ts'
import { spreadLabels } from './spread-labels.ts'
import { wrapText } from './wrap-text.ts'

/** Labels in a column of the diagram: the space between two lines, or the column of a source of truth. */
export interface LabelColumn {
  /** The left edge of the texts. */
  readonly x: number
  readonly width: number
}

export interface LabelRequest {
  readonly of: DrawnLabel['of']
  readonly index: number
  readonly text: string
  readonly linesMax: number
  /** Where the label needs no leader line: directly above or below this height. */
  readonly atY: number
  readonly side: 'above' | 'below'
  /** What the label names: the end of its leader line. */
  readonly target: { readonly x: number; readonly y: number }
  readonly tone: Tone
  readonly weight: number
}

/** A column with the labels that it needs. */
export interface LabelledColumn {
  readonly column: LabelColumn
  readonly requests: readonly LabelRequest[]
}

/** A shorter way needs no leader line. */
const leaderFrom = 5

/** Places the labels of one column. The second result is the sum of their distances from their places. */
export function columnLabels(
  column: LabelColumn,
  requests: readonly LabelRequest[],
  top: number,
): { readonly labels: readonly DrawnLabel[]; readonly distance: number } {
  const chars = Math.max(6, Math.floor(column.width / charWidth))
  const sorted = requests
    .map((request) => ({ request, lines: wrapText(request.text, chars, request.linesMax) }))
    .map(({ request, lines }) => {
      const height = lines.length * rowHeight
      const away = request.side === 'above' ? -height / 2 : height / 2 + 2
      return { request, lines, height, idealY: request.atY + away }
    })
    .toSorted((a, b) => a.idealY - b.idealY)
  const centres = spreadLabels(
    sorted.map(({ request, height, idealY }) => ({ idealY, height, weight: request.weight })),
    top,
  )
  let distance = 0
  const labels = sorted.map(({ request, lines, height, idealY }, i): DrawnLabel => {
    const { of, index, tone, target } = request
    const centre = centres[i] ?? idealY
    const away = Math.abs(centre - idealY)
    distance += away
    return {
      of,
      index,
      lines,
      tone,
      x: column.x,
      y: centre - height / 2,
      width: Math.max(...lines.map((line) => line.length)) * charWidth,
      height,
      ...(away > leaderFrom
        ? { leader: { x1: column.x - 2, y1: centre, x2: target.x, y2: target.y } }
        : {}),
    }
  })
  return { labels, distance }
}
