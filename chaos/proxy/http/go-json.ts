import { nestingMax } from '#chaos/contracts/max.ts'

import { DataPlaneError } from '../plane/data-plane-error.ts'

/**
 * Reads the first JSON value of a text as Go's decoder does, and ignores the text after it. Errors have Go's texts, because
 * Toxiproxy's responses contain them.
 */
export function parseGoJson(text: string): unknown {
  const reader = new Reader(text)
  reader.space()
  if (reader.done) throw bad({ go: 'EOF', plain: 'is empty' })
  return reader.value()
}

/** What is wrong with JSON: in the words of Go's decoder, and in plain words. */
export interface Complaint {
  readonly go: string
  readonly plain: string
}

/** `bad request body: ...`, status 400. */
export function bad({ go, plain }: Complaint): DataPlaneError {
  return new DataPlaneError(400, `bad request body: ${go}`, { plain })
}

const literals: Readonly<Record<string, readonly [string, unknown]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
}

class Reader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  space(): void {
    while (!this.done && ' \t\r\n'.includes(this.#peek())) this.#at++
  }

  value(): unknown {
    this.space()
    const first = this.#need()
    if (first === '{') return this.#nested(() => this.#object())
    if (first === '[') return this.#nested(() => this.#array())
    if (first === '"') return this.#string()
    if (first === '-' || isDigit(first)) return this.#number()
    const literal = literals[first]
    if (literal === undefined) throw this.#invalid('looking for beginning of value')
    return this.#literal(...literal)
  }

  /** Go's decoder has the same error, at 10000 levels. */
  #nested<T>(read: () => T): T {
    if (this.#depth === nestingMax)
      throw bad({
        go: `invalid character ${quote(this.#peek())} exceeded max depth`,
        plain: `must not be nested more than ${nestingMax} levels deep`,
      })
    this.#depth++
    const value = read()
    this.#depth--
    return value
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = []
    this.#at++
    this.space()
    if (this.#need() === '}') return this.#closed({})
    for (;;) {
      this.space()
      if (this.#need() !== '"') throw this.#invalid('looking for beginning of object key string')
      const key = this.#string()
      this.space()
      if (this.#need() !== ':') throw this.#invalid('after object key')
      this.#at++
      entries.push([key, this.value()])
      this.space()
      if (this.#need() === '}') return this.#closed(Object.fromEntries(entries))
      if (this.#need() !== ',') throw this.#invalid('after object key:value pair')
      this.#at++
    }
  }

  #array(): unknown[] {
    const items: unknown[] = []
    this.#at++
    this.space()
    if (this.#need() === ']') return this.#closed(items)
    for (;;) {
      items.push(this.value())
      this.space()
      if (this.#need() === ']') return this.#closed(items)
      if (this.#need() !== ',') throw this.#invalid('after array element')
      this.#at++
    }
  }

  #string(): string {
    const start = this.#at++
    for (;;) {
      const char = this.#need()
      if (char === '"') break
      if (char < ' ') throw this.#invalid('in string literal')
      this.#at += char === '\\' ? 2 : 1
    }
    this.#at++
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string
    } catch {
      this.#at = this.#text.indexOf('\\', start) + 1
      throw this.#invalid('in string escape code')
    }
  }

  #number(): number {
    const match = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(this.#text.slice(this.#at))
    if (match === null) {
      this.#at++
      throw this.#invalid('in numeric literal')
    }
    this.#at += match[0].length
    return Number(match[0])
  }

  #literal(word: string, value: unknown): unknown {
    for (const [index, char] of Array.from(word).entries()) {
      if (this.#need() !== char)
        throw this.#invalid(`in literal ${word} (expecting ${quote(word[index] ?? '')})`)
      this.#at++
    }
    return value
  }

  #closed<T>(value: T): T {
    this.#at++
    return value
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #need(): string {
    if (this.done) throw endsTooEarly()
    return this.#peek()
  }

  #invalid(where: string): DataPlaneError {
    if (this.done) return endsTooEarly()
    const lines = this.#text.slice(0, this.#at).split('\n')
    return bad({
      go: `invalid character ${quote(this.#peek())} ${where}`,
      plain: `is not valid JSON: unexpected ${JSON.stringify(this.#peek())} at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`,
    })
  }
}

function endsTooEarly(): DataPlaneError {
  return bad({ go: 'unexpected EOF', plain: 'is not valid JSON: it ends too early' })
}

function quote(char: string): string {
  if (char === "'") return `'\\''`
  return char < ' ' ? `'${JSON.stringify(char).slice(1, -1)}'` : `'${char}'`
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}
