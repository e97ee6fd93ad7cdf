import { CST, Lexer } from 'yaml'

import { mask } from './segment.ts'
import type { Segment } from './segment.ts'
import { maskCode } from './typescript.ts'

/** Comments, and values of two or more words. */
export function readYaml(text: string): readonly Segment[] {
  const found: Segment[] = []
  let at = 0
  // A comment that goes on on the next line is one text.
  let open: { start: number; end: number } | null = null
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token)
    const isMark = token.length === 1 && /[\u0002\u0018\u001f\ufeff]/.test(token)
    const start = at
    if (!isMark) at += token.length
    if (type === 'comment') {
      open = { start: open?.start ?? start, end: at }
      continue
    }
    if (type === 'space' || type === 'newline') continue
    if (open !== null && !isMark) found.push(comments(text, open))
    if (!isMark) open = null
    if (/scalar$/.test(type ?? 'scalar') && /\S\s+\S/.test(token))
      found.push({ start, text: maskCode(mask(token, /^["']|["']$/g)), kind: 'string' })
  }
  if (open !== null) found.push(comments(text, open))
  return found
}

function comments(text: string, { start, end }: { start: number; end: number }): Segment {
  return {
    start,
    text: maskCode(mask(text.slice(start, end), /^[ \t]*#+/gm)),
    kind: 'comment',
  }
}
