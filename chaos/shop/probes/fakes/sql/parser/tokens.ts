import { Undecided } from '../../../contract-probe.ts'

/** A piece of a statement. The text of a word is in lower case. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'parameter' | 'sign' | 'end'
  readonly text: string
}

const patterns: readonly (readonly [kind: Token['kind'] | 'space', pattern: RegExp])[] = [
  ['space', /(?:\s+|--[^\n]*|\/\*[^]*?\*\/)/y],
  ['word', /[a-z_][\w$]*/iy],
  ['name', /"(?:[^"]|"")+"/y],
  ['string', /'(?:[^']|'')*'/y],
  ['string', /\$\$[^]*?\$\$/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['parameter', /\$\d+/y],
  ['sign', /::|<>|!=|<=|>=|\|\||->>|->|[-+*/%=<>(),.;[\]]/y],
]

/** Splits SQL into tokens. The last one is the end. */
export function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < sql.length;) {
    const found = tokenAt(sql, at)
    if (found === undefined) throw new Undecided(`unknown SQL: ${sql.slice(at, at + 40)}`)
    at += found.length
    if (found.kind !== 'space') tokens.push({ kind: found.kind, text: found.text })
  }
  return [...tokens, { kind: 'end', text: '' }]
}

function tokenAt(
  sql: string,
  at: number,
):
  | { readonly kind: Token['kind'] | 'space'; readonly text: string; readonly length: number }
  | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const [match] = pattern.exec(sql) ?? []
    if (match === undefined) continue
    return { kind, text: textOf(kind, match), length: match.length }
  }
  return undefined
}

function textOf(kind: Token['kind'] | 'space', match: string): string {
  if (kind === 'word') return match.toLowerCase()
  if (kind === 'name') return match.slice(1, -1).replaceAll('""', '"')
  if (kind === 'parameter') return match.slice(1)
  if (kind !== 'string') return match
  return match.startsWith('$$') ? match.slice(2, -2) : match.slice(1, -1).replaceAll("''", "'")
}

/** Reads tokens from left to right. */
export class Cursor {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(sql: string) {
    this.#tokens = tokensOf(sql)
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' }
  }

  get isAtEnd(): boolean {
    return this.next.kind === 'end'
  }

  take(): Token {
    const token = this.next
    this.#at += 1
    return token
  }

  /** True if the next tokens are these words or signs. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, i) => {
      const token = this.#tokens[this.#at + i]
      return token?.text === text && (token.kind === 'word' || token.kind === 'sign')
    })
  }

  /** Takes these words or signs if they are next. */
  accept(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false
    this.#at += texts.length
    return true
  }

  expect(...texts: readonly string[]): void {
    if (!this.accept(...texts)) this.fail()
  }

  name(): string {
    const { kind, text } = this.take()
    if (kind !== 'word' && kind !== 'name') this.fail()
    return text
  }

  list<T>(read: () => T): readonly T[] {
    const items = [read()]
    while (this.accept(',')) items.push(read())
    return items
  }

  inParentheses<T>(read: () => T): T {
    this.expect('(')
    const result = read()
    this.expect(')')
    return result
  }

  /** The probe does not know this SQL. */
  fail(): never {
    const rest = this.#tokens.slice(this.#at, this.#at + 6).map(({ text }) => text)
    throw new Undecided(`unknown SQL at: ${rest.join(' ')}`)
  }
}
