import type { Text } from '@codemirror/state'

/** The offset of a line and a column that count from 1. A place outside of the text moves to its nearest end. */
export function offsetOf(doc: Text, line: number, column: number): number {
  if (line > doc.lines) return doc.length
  const { from, to } = doc.line(Math.max(1, line))
  return Math.min(Math.max(from, from + column - 1), to)
}

/** Line and column of an offset. Both count from 1. */
export function placeOf(
  doc: Text,
  offset: number,
): { readonly line: number; readonly column: number } {
  const line = doc.lineAt(offset)
  return { line: line.number, column: offset - line.from + 1 }
}
