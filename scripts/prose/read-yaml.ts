import { CST, Lexer } from 'yaml'

import { mask, maskNames } from './segment.ts'
import type { Segment } from './segment.ts'

interface Token {
  readonly kind: 'comment' | 'value' | 'between'
  readonly start: number
  end: number
}

/** Comments, and values of two or more words. */
export function readYaml(text: string): readonly Segment[] {
  return joinComments(tokensOf(text)).flatMap(({ kind, start, end }): readonly Segment[] => {
    const source = text.slice(start, end)
    if (kind === 'comment')
      return [{ start, text: maskNames(mask(source, /^[ \t]*#+/gm)), kind: 'comment' }]
    if (kind === 'between' || !/\S\s+\S/.test(source)) return []
    return [{ start, text: maskNames(mask(source, /^["']|["']$/g)), kind: 'string' }]
  })
}

/** The lexer's mark before a plain value or a block. It is not in the file. */
const valueMark = '\u001F'
const marks = new Set(['\u0002', '\u0018', valueMark])

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  let isValue = false
  for (const token of new Lexer().lex(text)) {
    const start = at
    if (!marks.has(token)) {
      at += token.length
      const type = CST.tokenType(token) ?? ''
      isValue ||= type.endsWith('quoted-scalar')
      const kind = type === 'comment' && !isValue ? 'comment' : isValue ? 'value' : 'between'
      // A line break or a space between two comments does not separate them.
      if (kind !== 'between' || (type !== 'newline' && type !== 'space'))
        tokens.push({ kind, start, end: at })
    }
    isValue = token === valueMark
  }
  return tokens
}

/** Comments on consecutive lines are one text. */
function joinComments(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = []
  for (const token of tokens) {
    const last = joined.at(-1)
    if (last?.kind === 'comment' && token.kind === 'comment') last.end = token.end
    else joined.push({ ...token })
  }
  return joined
}
