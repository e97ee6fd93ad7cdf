/** Breaks a text into at most `linesMax` lines of at most `width` characters. What does not fit ends with an ellipsis. */
export function wrapText(text: string, width: number, linesMax: number): readonly string[] {
  const lines: string[] = []
  let rest = text.trim()
  while (rest !== '') {
    if (rest.length <= width) return [...lines, rest]
    if (lines.length === linesMax - 1) return [...lines, `${rest.slice(0, width - 1).trimEnd()}…`]
    const space = rest.lastIndexOf(' ', width)
    const end = space > width / 3 ? space : width
    lines.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return lines.length === 0 ? [''] : lines
}
