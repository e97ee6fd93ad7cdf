import measure from 'fast-string-truncated-width'

/** Columns of a text on a terminal. Colours have no width; East Asian characters and emoji have two columns. */
export function widthOf(text: string): number {
  return measure(text).width
}

/** Breaks a text at spaces into lines of at most `columns`. Later lines are indented. A long word is not broken. */
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

/** Cuts a text to `columns`. A cut text ends with an ellipsis. Only for text without colours. */
export function truncate(text: string, columns: number): string {
  const { index, truncated, ellipsed } = measure(text, { limit: columns, ellipsis: '…' })
  return truncated ? `${text.slice(0, index)}${ellipsed ? '…' : ''}` : text
}
