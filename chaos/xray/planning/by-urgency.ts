import type { MatrixColumn } from './columns.ts'
import type { QuickCell } from './quick-cells.ts'

const longFirst: readonly MatrixColumn['act'][] = [
  'late',
  'kill-caller',
  'silence',
  'kill-callee',
  'cut',
]

/**
 * Cells of writes whose reply is lost run first: they reveal most failures. Among equals the longest cells run first: the last
 * cells are then short, and no sandbox waits long for another.
 */
export function byUrgency(cells: readonly QuickCell[], mode: 'full' | 'quick'): QuickCell[] {
  // The result of a cut decides whether the other losses of that message run.
  const cutFirst = ({ column }: QuickCell): number =>
    mode === 'quick' && column.act !== 'cut' ? 1 : 0
  const urgency = ({ step, column }: QuickCell): number =>
    (step.write ? 0 : 2) + (column.id === 'reply-cut' || column.id === 'caller-dies-after' ? 0 : 1)
  const duration = ({ column }: QuickCell): number => longFirst.indexOf(column.act)
  return cells.toSorted(
    (a, b) => cutFirst(a) - cutFirst(b) || urgency(a) - urgency(b) || duration(a) - duration(b),
  )
}

/**
 * The sequence when time is limited: replies of writes that are lost, then callers that die at a write, then the rest; the
 * shortest cells of each first.
 */
export function byWorth(cells: readonly QuickCell[]): QuickCell[] {
  const tier = ({ step, column }: QuickCell): number => {
    if (!step.write) return 3
    if (column.phase === 'after' && column.act === 'cut') return 0
    if (column.act === 'kill-caller') return 1
    return 2
  }
  const duration = ({ column }: QuickCell): number => -longFirst.indexOf(column.act)
  return cells.toSorted((a, b) => tier(a) - tier(b) || duration(a) - duration(b))
}
