import type { Expression, Select } from './statements.ts'
import type { Cursor } from './tokens.ts'

/** From the loosest to the tightest. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['=', '<>', '!=', '<', '<=', '>', '>='],
  ['||', '->', '->>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const notLevel = 2

/** Reads expressions. `readSelect` reads a query in parentheses. */
export class ExpressionParser {
  readonly #cursor: Cursor
  readonly #readSelect: () => Select

  constructor(cursor: Cursor, readSelect: () => Select) {
    this.#cursor = cursor
    this.#readSelect = readSelect
  }

  readonly read = (): Expression => this.#binary(0)

  #binary(level: number): Expression {
    const cursor = this.#cursor
    const operators = levels[level]
    if (operators === undefined) return this.#unary()
    if (level === notLevel && cursor.accept('not'))
      return { kind: 'not', of: this.#binary(notLevel) }
    let left = this.#binary(level + 1)
    for (;;) {
      if (level === notLevel) left = this.#predicates(left)
      const operator = operators.find((text) => cursor.sees(text))
      if (operator === undefined) return left
      cursor.take()
      left = this.#operation(left, operator === '!=' ? '<>' : operator, level)
    }
  }

  #operation(left: Expression, operator: string, level: number): Expression {
    const cursor = this.#cursor
    const kind =
      cursor.sees('any', '(') || cursor.sees('some', '(')
        ? 'any'
        : cursor.sees('all', '(') && 'every'
    if (kind === false) return { kind: 'binary', operator, left, right: this.#binary(level + 1) }
    cursor.take()
    const among = cursor.inParentheses(() =>
      cursor.sees('select') || cursor.sees('with') ? this.#readSelect() : this.read(),
    )
    return { kind, of: left, operator, among }
  }

  /** IS NULL, IN, BETWEEN and others, after their first operand. */
  #predicates(left: Expression): Expression {
    const cursor = this.#cursor
    if (cursor.accept('is')) return this.#is(left)
    if (cursor.accept('isnull')) return { kind: 'is', of: left, what: null }
    const isNegated = cursor.sees('not', 'in') || cursor.sees('not', 'between')
    if (isNegated) cursor.take()
    const positive = this.#inOrBetween(left)
    if (positive === undefined) return left
    return isNegated ? { kind: 'not', of: positive } : positive
  }

  #is(of: Expression): Expression {
    const cursor = this.#cursor
    const isNegated = cursor.accept('not')
    const positive = ((): Expression => {
      if (cursor.accept('null')) return { kind: 'is', of, what: null }
      if (cursor.accept('true')) return { kind: 'is', of, what: true }
      if (cursor.accept('false')) return { kind: 'is', of, what: false }
      cursor.expect('distinct', 'from')
      return { kind: 'binary', operator: 'distinct', left: of, right: this.#binary(notLevel + 1) }
    })()
    return isNegated ? { kind: 'not', of: positive } : positive
  }

  #inOrBetween(of: Expression): Expression | undefined {
    const cursor = this.#cursor
    if (cursor.accept('in'))
      return cursor.inParentheses(() => ({
        kind: 'in',
        of,
        among: cursor.sees('select') ? this.#readSelect() : cursor.list(this.read),
      }))
    if (!cursor.accept('between')) return undefined
    const low = this.#binary(notLevel + 1)
    cursor.expect('and')
    const high = this.#binary(notLevel + 1)
    const left: Expression = { kind: 'binary', operator: '>=', left: of, right: low }
    const right: Expression = { kind: 'binary', operator: '<=', left: of, right: high }
    return { kind: 'binary', operator: 'and', left, right }
  }

  #unary(): Expression {
    if (this.#cursor.accept('-')) return { kind: 'negative', of: this.#unary() }
    let value = this.#primary()
    while (this.#cursor.accept('::'))
      value = { kind: 'cast', of: value, type: readType(this.#cursor) }
    return value
  }

  #primary(): Expression {
    const cursor = this.#cursor
    const { kind, text } = cursor.next
    if (kind === 'name') return this.#column()
    if (kind === 'word') return this.#word(text)
    cursor.take()
    if (kind === 'string') return { kind: 'literal', value: text }
    if (kind === 'parameter') return { kind: 'parameter', index: Number(text) - 1 }
    if (kind === 'number' && /^\d+$/.test(text)) {
      const isSmall = Number(text) < 2 ** 31
      return { kind: 'literal', value: isSmall ? Number(text) : BigInt(text) }
    }
    if (text === '*') return { kind: 'all', table: undefined }
    if (text !== '(') cursor.fail()
    if (cursor.sees('select') || cursor.sees('with')) {
      const query = this.#readSelect()
      cursor.expect(')')
      return { kind: 'query', query }
    }
    const inner = this.read()
    cursor.expect(')')
    return inner
  }

  #word(word: string): Expression {
    const cursor = this.#cursor
    if (word === 'null' || word === 'true' || word === 'false') {
      cursor.take()
      return { kind: 'literal', value: word === 'null' ? null : word === 'true' }
    }
    if (cursor.accept('case')) return this.#case()
    if (cursor.accept('exists', '(')) {
      const query = this.#readSelect()
      cursor.expect(')')
      return { kind: 'exists', query }
    }
    if (cursor.accept('cast'))
      return cursor.inParentheses(() => {
        const of = this.read()
        cursor.expect('as')
        return { kind: 'cast', of, type: readType(cursor) }
      })
    if (cursor.accept('array', '[')) {
      const items = cursor.sees(']') ? [] : cursor.list(this.read)
      cursor.expect(']')
      return { kind: 'array', items }
    }
    if (word === 'interval' || word === 'timestamptz') return this.#typedText()
    return this.#column()
  }

  /** A text after its type, such as interval '1 second'. */
  #typedText(): Expression {
    const type = this.#cursor.take().text
    const { kind, text } = this.#cursor.take()
    if (kind !== 'string') this.#cursor.fail()
    return { kind: 'cast', of: { kind: 'literal', value: text }, type }
  }

  #case(): Expression {
    const cursor = this.#cursor
    const of = cursor.sees('when') ? undefined : this.read()
    const cases: [Expression, Expression][] = []
    while (cursor.accept('when')) {
      const when = this.read()
      cursor.expect('then')
      cases.push([when, this.read()])
    }
    const otherwise = cursor.accept('else') ? this.read() : undefined
    cursor.expect('end')
    return { kind: 'case', of, cases, otherwise }
  }

  /** A column, or the call of a function. */
  #column(): Expression {
    const cursor = this.#cursor
    const first = cursor.name()
    if (cursor.accept('(')) {
      if (cursor.sees('distinct')) cursor.fail()
      const given = cursor.sees(')') ? [] : cursor.list(this.read)
      cursor.expect(')')
      if (cursor.sees('over') || cursor.sees('filter')) cursor.fail()
      return { kind: 'call', name: first, given }
    }
    if (/^(current_timestamp|localtimestamp)$/.test(first))
      return { kind: 'call', name: 'now', given: [] }
    if (!cursor.accept('.')) return { kind: 'column', table: undefined, name: first }
    if (cursor.accept('*')) return { kind: 'all', table: first }
    return { kind: 'column', table: first, name: cursor.name() }
  }
}

const synonyms: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  varchar: 'text',
  float8: 'double',
  bigserial: 'bigint',
  serial: 'integer',
}

/** A type, with `[]` for an array. */
export function readType(cursor: Cursor): string {
  const word = cursor.name()
  if (word === 'double') cursor.expect('precision')
  if (word === 'timestamp') cursor.expect('with', 'time', 'zone')
  const type = word === 'timestamp' ? 'timestamptz' : (synonyms[word] ?? word)
  return cursor.accept('[', ']') ? `${type}[]` : type
}
