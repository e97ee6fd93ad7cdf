import { truncate, widthOf, wrap } from './wrap.ts'

export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Gives the same column of several tables the same width. */
  readonly minWidth?: number
}

/** The last column is not wrapped to less than this. */
const lastWidthMin = 24

/**
 * Rows as aligned columns under their titles. If the table is too wide, its last column is wrapped. If it is still too wide,
 * each row becomes a block of `title: value` lines.
 */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: { readonly width: number; readonly heading?: (text: string) => string },
): string {
  const heading = options.heading ?? ((text) => text)
  const widths = columns.map(({ title, minWidth = 0 }, index) =>
    Math.max(minWidth, widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0)
  const lastWidth = Math.min(widths.at(-1) ?? 0, options.width - before)
  if (lastWidth < Math.min(widths.at(-1) ?? 0, lastWidthMin))
    return blocks(columns, rows, options.width, heading)
  const line = (cells: readonly string[]): string => {
    const last = wrap(cells.at(-1) ?? '', lastWidth).split('\n')
    const all = [...cells.slice(0, -1), last[0] ?? '']
    const first = all.map((cell, i) => pad(cell, widths[i] ?? 0, columns[i]?.align ?? 'left'))
    return [
      first.join('  ').trimEnd(),
      ...last.slice(1).map((text) => ' '.repeat(before) + text),
    ].join('\n')
  }
  return [heading(line(columns.map(({ title }) => title))), ...rows.map((row) => line(row))].join(
    '\n',
  )
}

/** A term that is longer gets a line of its own. */
const termWidthMax = 28

/** Terms with their meanings in two columns, for example options. Long meanings are wrapped. */
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
  columns: readonly TableColumn[],
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
