import { gap, mask } from './segment.ts'
import type { Segment } from './segment.ts'

/** Lines that belong together: a paragraph, an item of a list, a quote, a row, a fence. */
export interface Block {
  readonly start: number
  readonly text: string
  readonly kind: 'paragraph' | 'title' | 'row' | 'fence'
  /** Of a fence: `ts` or `sh`; '' if it has none. */
  readonly language: string
  /** The title of the section, for a paragraph. */
  readonly section: string
}

const fenceMark = /^\s*(```+|~~~+)\s*([\w-]*)/
const itemMark = /^\s*(?:[-*+]|\d+[.)])\s+/

/** The blocks of a page, in order. */
export function blocksOf(text: string): readonly Block[] {
  const found: Block[] = []
  let open: { start: number; end: number; kind: Block['kind']; language: string } | null = null
  let section = ''
  let fence = ''
  let at = 0
  const close = (): void => {
    if (open !== null) {
      const { start, end, kind, language } = open
      found.push({ start, text: text.slice(start, end), kind, language, section })
    }
    open = null
  }
  for (const line of text.split('\n')) {
    const start = at
    const end = at + line.length
    at = end + 1
    const [, mark = '', language = ''] = fenceMark.exec(line) ?? []
    if (fence !== '') {
      if (mark.startsWith(fence)) {
        close()
        fence = ''
      } else if (open === null) open = { start, end, kind: 'fence', language: '' }
      else open.end = end
      continue
    }
    if (mark !== '') {
      close()
      fence = mark
      open = { start: end + 1, end: end + 1, kind: 'fence', language }
    } else if (/^\s*$/.test(line)) close()
    else if (/^#{1,6}\s/.test(line)) {
      close()
      section = line.replace(/^#+\s+/, '')
      open = { start, end, kind: 'title', language: '' }
      close()
    } else if (/^\s*\|/.test(line)) {
      close()
      open = { start, end, kind: 'row', language: '' }
      close()
    } else if (/^\s*<!--.*-->\s*$|^\s*<\/?\w+[^>]*>\s*$/.test(line)) close()
    else if (open === null || itemMark.test(line)) {
      close()
      open = { start, end, kind: 'paragraph', language: '' }
    } else open.end = end
  }
  close()
  return found
}

/** Text of a page; what is in a fence is read by `readFence`. */
export function readMarkdown(
  text: string,
  readFence: (text: string, language: string) => readonly Segment[],
): readonly Segment[] {
  return blocksOf(text).flatMap((block) => {
    const { start, kind, section } = block
    if (kind === 'fence')
      return readFence(block.text, block.language).map((segment) => ({
        ...segment,
        start: start + segment.start,
        kind: segment.kind === 'comment' ? ('comment' as const) : ('code' as const),
      }))
    const plain = maskInline(block.text)
    if (kind === 'title') return [{ start, text: plain, kind }]
    if (kind === 'row') return cells(start, plain)
    return [{ start, text: plain, kind: section === 'Story' ? ('story' as const) : kind }]
  })
}

/** Masks code, addresses and Markdown's own characters. */
function maskInline(text: string): string {
  const code = mask(text, /(`+)[^`](?:[\s\S]*?[^`])?\1(?!`)/g, gap)
  const links = mask(code, /\]\([^)\n]*\)|\]\[[^\]\n]*\]/g)
  const urls = mask(links, /<?https?:\/\/[^\s>)]+>?/g, gap)
  return mask(urls, /^\s*(?:[-*+]|\d+[.)])\s|^\s*>|^#+\s|[*_[\]]|<[^>\n]+>/gm)
}

function cells(start: number, row: string): readonly Segment[] {
  return [...row.matchAll(/[^|\s](?:[^|]|(?<=\\)\|)*/g)]
    .filter(([cell]) => /\p{L}/u.test(cell))
    .map((match) => ({ start: start + match.index, text: match[0], kind: 'cell' as const }))
}
