import { truncate, widthOf, wrap } from './wrap.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/**
 * Rows as aligned columns under their titles. Where the terminal is too narrow for one line per row, each row becomes a
 * small block of `title: value` lines: nothing is hidden.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { readonly width: number; readonly heading?: (text: string) => string },
): string {
  const heading = options.heading ?? ((text) => text)
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  const total = widths.reduce((sum, width) => sum + width, 0) + 2 * (columns.length - 1)
  if (total > options.width) return blocks(columns, rows, options.width, heading)
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [
    heading(line(columns.map((column) => column.title))),
    ...rows.map((row) => line(row)),
  ].join('\n')
}

/** A longer term has a line of its own. */
const termWidthMax = 28

/** Two columns, the second wrapped beside the first: options and their meaning. */
export function definitions(
  pairs: readonly (readonly [string, string])[],
  options: { readonly width: number; readonly indent: number },
): string {
  const { width, indent } = options
  const widths = pairs.map(([term]) => widthOf(term)).filter((wide) => wide <= termWidthMax)
  const left = Math.max(0, ...widths)
  const lead = ' '.repeat(indent)
  return pairs
    .map(([term, meaning]) => {
      const room = width - indent - left - 2
      if (room < 24 || widthOf(term) > left)
        return `${lead}${term}\n${wrap(`${lead}    ${meaning}`, width)}`
      const lines = wrap(meaning, room).split('\n')
      const rest = lines.slice(1).map((text) => ' '.repeat(indent + left + 2) + text)
      return [`${lead}${pad(term, left, 'left')}  ${lines[0] ?? ''}`.trimEnd(), ...rest].join('\n')
    })
    .join('\n')
}

function blocks(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  heading: (text: string) => string,
): string {
  const block = (row: readonly string[]): string =>
    columns
      .map(({ title }, index) => ({ title, cell: row[index] ?? '' }))
      .filter(({ cell }) => cell !== '')
      .map(({ title, cell }) => `${heading(title)}: ${fit(cell, width - title.length - 2)}`)
      .join('\n')
  return rows.map((row) => block(row)).join('\n\n')
}

function fit(cell: string, width: number): string {
  return widthOf(cell) <= width || cell.includes('\u001B')
    ? cell
    : truncate(cell, Math.max(width, 16))
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'right' ? space + text : text + space
}
