import type { Printer } from './printer.ts'
import { textTable } from './text-table.ts'
import { widthOf, wrap } from './wrap.ts'

/** Long lines are hard to read. */
const columnsMax = 100

/** A page of the project for a terminal: headings, paragraphs, lists, tables and code. */
export function markdownText(page: string, out: Printer): string {
  const width = Math.min(out.columns, columnsMax)
  return blocksOf(page)
    .map((block) => blockText(block, width, out))
    .join('\n')
}

type Block =
  | { readonly kind: 'code' | 'table'; readonly lines: readonly string[] }
  | { readonly kind: 'heading' | 'text' | 'blank'; readonly lines: readonly string[] }

const fence = /^\s*```/
const listItem = /^\s*(?:[-*]|\d+\.) /

/** The blocks of a page, in order. A list item is a text of its own. */
function blocksOf(page: string): readonly Block[] {
  const lines = withoutFolds(page).trim().split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length;) {
    const block = blockAt(lines, at)
    blocks.push(block)
    at += block.lines.length
  }
  return blocks
}

/** A terminal folds nothing: the line of a fold is a heading of its text. */
function withoutFolds(page: string): string {
  return page
    .replaceAll(/^<summary>(.*)<\/summary>$/gm, '#### $1')
    .replaceAll(/^<\/?details>\n?/gm, '')
}

function blockAt(lines: readonly string[], at: number): Block {
  const line = lines[at] ?? ''
  if (line.trim() === '') return { kind: 'blank', lines: [line] }
  if (line.startsWith('#')) return { kind: 'heading', lines: [line] }
  if (fence.test(line)) {
    const end = lines.findIndex((other, index) => index > at && fence.test(other))
    return { kind: 'code', lines: lines.slice(at, end === -1 ? lines.length : end + 1) }
  }
  const isTable = line.startsWith('|')
  const belongs = (other: string): boolean =>
    isTable
      ? other.startsWith('|')
      : other.trim() !== '' && !/^[#|]/.test(other) && !fence.test(other) && !listItem.test(other)
  const length = lines.slice(at + 1).findIndex((other) => !belongs(other))
  const end = length === -1 ? lines.length : at + 1 + length
  return { kind: isTable ? 'table' : 'text', lines: lines.slice(at, end) }
}

function blockText({ kind, lines }: Block, width: number, out: Printer): string {
  const { bold, cyan } = out.colours
  if (kind === 'blank') return ''
  if (kind === 'heading') return wrap(bold(plain((lines[0] ?? '').replace(/^#+ /, ''))), width)
  if (kind === 'code')
    return lines
      .filter((line) => !fence.test(line))
      .map((line) => `  ${cyan(line)}`)
      .join('\n')
  if (kind === 'table') return tableText(lines, width, bold)
  const marker = listItem.exec(lines[0] ?? '')?.[0] ?? ''
  const text = lines.map((line) => line.trim()).join(' ')
  const leading = /^ */.exec(lines[0] ?? '')?.[0] ?? ''
  return wrap(leading + styled(text, out), width, marker.trimStart().length)
}

function tableText(
  lines: readonly string[],
  width: number,
  heading: (text: string) => string,
): string {
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => plain(cell.trim())),
  )
  const widest = (column: number): number =>
    Math.max(...[head, ...rows].map((row) => widthOf(row[column] ?? '')))
  const total = head.reduce((sum, _title, column) => sum + widest(column) + 2, -2)
  if (total <= width)
    return textTable(
      head.map((title) => ({ title })),
      rows,
      { width, heading },
    )
  // One block for each row. The first cell names the row, and its column often has no title.
  return rows
    .map(([name = '', ...cells]) => {
      const lines = cells.flatMap((cell, index) =>
        cell === '' ? [] : [`  ${head[index + 1] ?? ''}: ${cell}`],
      )
      return [heading(name), ...lines].map((line) => wrap(line, width, 2)).join('\n')
    })
    .join('\n')
}

const inline = /`([^`]+)`|\*\*(.+?)\*\*|\*(.+?)\*|\[([^\]]+)\]\(([^)]+)\)/g

function styled(text: string, out: Printer): string {
  const { bold, cyan, italic } = out.colours
  return text.replaceAll(inline, (_match, code, strong, weak, label, target) => {
    if (code !== undefined) return cyan(String(code))
    if (strong !== undefined) return bold(plain(String(strong)))
    if (weak !== undefined) return italic(plain(String(weak)))
    return label === target ? String(label) : `${String(label)} (${String(target)})`
  })
}

function plain(text: string): string {
  return text.replaceAll(inline, (_match, code, strong, weak, label) =>
    String(code ?? strong ?? weak ?? label),
  )
}
