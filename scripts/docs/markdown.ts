/** A Markdown table; a `|` in a cell is escaped. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line), ''].join('\n')
}

/** A fenced block. */
export function markdownFence(language: string, text: string): string {
  return ['```' + language, text.trimEnd(), '```', ''].join('\n')
}
