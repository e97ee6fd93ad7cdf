import { stripVTControlCharacters } from 'node:util'

/** Columns that a text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length
}

/** Breaks a text at spaces so that no line is wider than `columns`; later lines are indented. A long word stays whole. */
export function wrap(text: string, columns: number, indent = 0): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns, indent))
    .join('\n')
}

function wrapLine(line: string, columns: number, indent: number): string {
  if (widthOf(line) <= columns) return line
  const leading = /^ */.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let current = leading
  let empty = true
  for (const word of line.trim().split(' ')) {
    const candidate = empty ? current + word : `${current} ${word}`
    if (!empty && widthOf(candidate) > columns) {
      lines.push(current)
      current = ' '.repeat(leading.length + indent) + word
    } else current = candidate
    empty = false
  }
  return [...lines, current].join('\n')
}

/** Cuts a text to `columns`, with an ellipsis where something is missing. Only for text without colours. */
export function truncate(text: string, columns: number): string {
  const characters = Array.from(text)
  return characters.length <= columns
    ? text
    : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`
}
