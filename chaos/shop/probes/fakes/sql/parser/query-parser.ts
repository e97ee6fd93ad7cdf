import { ExpressionParser } from './expression-parser.ts'
import type {
  Assignment,
  Change,
  Column,
  Delete,
  Expression,
  FromItem,
  Insert,
  Patience,
  RowLock,
  Select,
  Update,
  With,
} from './statements.ts'
import type { Cursor } from './tokens.ts'

/** Words that end a FROM item or a column without AS. */
const reserved =
  /^(where|order|limit|offset|for|on|join|inner|left|cross|from|set|returning|group|having|union|as|using|values|select|natural|full|right|window|fetch|except|intersect|and|or|not|do)$/

/** Reads SELECT, INSERT, UPDATE and DELETE. */
export class QueryParser {
  readonly #cursor: Cursor
  readonly #expressions: ExpressionParser

  constructor(cursor: Cursor) {
    this.#cursor = cursor
    this.#expressions = new ExpressionParser(cursor, this.select)
  }

  readonly expression = (): Expression => this.#expressions.read()

  readonly select = (): Select => {
    const query = this.query()
    if (query.kind !== 'select') this.#cursor.fail()
    return query
  }

  readonly query = (): Select | Change => {
    const cursor = this.#cursor
    const parts = cursor.accept('with') ? cursor.list(() => this.#with()) : []
    if (cursor.accept('insert', 'into')) return this.#insert(parts)
    if (cursor.accept('update')) return this.#update(parts)
    if (cursor.accept('delete', 'from')) return this.#delete(parts)
    return this.#select(parts)
  }

  #with(): With {
    const cursor = this.#cursor
    if (cursor.sees('recursive')) cursor.fail()
    const name = cursor.name()
    cursor.expect('as')
    cursor.accept('not')
    cursor.accept('materialized')
    return { name, query: cursor.inParentheses(this.query) }
  }

  #select(parts: readonly With[]): Select {
    const cursor = this.#cursor
    cursor.expect('select')
    if (cursor.sees('distinct') || cursor.sees('all')) cursor.fail()
    const isBare = cursor.sees('from')
    const columns = isBare ? [] : cursor.list(() => this.#column())
    const from = cursor.accept('from') ? this.#from() : []
    const where = this.#where()
    const order = cursor.accept('order', 'by') ? cursor.list(() => this.#order()) : []
    let limit: Expression | undefined
    let offset: Expression | undefined
    for (;;)
      if (cursor.accept('limit')) limit = this.expression()
      else if (cursor.accept('offset')) offset = this.expression()
      else break
    const lock = this.#lock()
    return { kind: 'select', with: parts, columns, from, where, order, limit, offset, lock }
  }

  #column(): Column {
    const value = this.expression()
    const { kind, text } = this.#cursor.next
    if (this.#cursor.accept('as')) return { value, as: this.#cursor.name() }
    const isAlias = kind === 'name' || (kind === 'word' && !reserved.test(text))
    return { value, as: isAlias ? this.#cursor.name() : undefined }
  }

  #order(): Select['order'][number] {
    const by = this.expression()
    const descending = !this.#cursor.accept('asc') && this.#cursor.accept('desc')
    if (this.#cursor.sees('nulls')) this.#cursor.fail()
    return { by, descending }
  }

  #lock(): Select['lock'] {
    const cursor = this.#cursor
    if (!cursor.accept('for')) return undefined
    const mode = lockModes.find((one) => cursor.accept(...one.toLowerCase().split(' ')))
    if (mode === undefined) return cursor.fail()
    const of = cursor.accept('of') ? cursor.list(() => cursor.name()) : []
    return { mode, of, patience: readPatience(cursor) }
  }

  #where(): Expression | undefined {
    return this.#cursor.accept('where') ? this.expression() : undefined
  }

  #from(): readonly FromItem[] {
    const cursor = this.#cursor
    const items = [this.#fromItem(undefined)]
    for (;;) {
      if (cursor.accept(',')) items.push(this.#fromItem(undefined))
      else if (cursor.accept('cross', 'join')) items.push(this.#fromItem(undefined))
      else if (cursor.accept('left', 'join') || cursor.accept('left', 'outer', 'join'))
        items.push(this.#fromItem('left'))
      else if (cursor.accept('join') || cursor.accept('inner', 'join'))
        items.push(this.#fromItem('inner'))
      else return items
    }
  }

  #fromItem(join: FromItem['join']): FromItem {
    const cursor = this.#cursor
    cursor.accept('lateral')
    const source = this.#source()
    const standard = source.kind === 'query' ? '' : source.name
    const alias = this.#alias(standard)
    const columns =
      alias !== standard && cursor.sees('(')
        ? cursor.inParentheses(() => cursor.list(() => cursor.name()))
        : []
    if (join === undefined) return { source, alias, columns, join, on: undefined }
    cursor.expect('on')
    return { source, alias, columns, join, on: this.expression() }
  }

  #source(): FromItem['source'] {
    const cursor = this.#cursor
    if (cursor.accept('(')) {
      const query = this.select()
      cursor.expect(')')
      return { kind: 'query', query }
    }
    cursor.accept('only')
    const name = cursor.name()
    if (!cursor.accept('(')) return { kind: 'table', name }
    const given = cursor.sees(')') ? [] : cursor.list(this.expression)
    cursor.expect(')')
    if (cursor.sees('with', 'ordinality')) cursor.fail()
    return { kind: 'call', name, given }
  }

  #alias(standard: string): string {
    if (this.#cursor.accept('as')) return this.#cursor.name()
    const { kind, text } = this.#cursor.next
    const isAlias = kind === 'name' || (kind === 'word' && !reserved.test(text))
    return isAlias ? this.#cursor.name() : standard
  }

  #returning(): readonly Column[] {
    return this.#cursor.accept('returning') ? this.#cursor.list(() => this.#column()) : []
  }

  #insert(parts: readonly With[]): Insert {
    const cursor = this.#cursor
    const table = cursor.name()
    const alias = cursor.accept('as') ? cursor.name() : table
    const columns = cursor.sees('(')
      ? cursor.inParentheses(() => cursor.list(() => cursor.name()))
      : []
    const value = (): Expression | undefined =>
      cursor.accept('default') ? undefined : this.expression()
    const rows = cursor.accept('values')
      ? cursor.list(() => cursor.inParentheses(() => cursor.list(value)))
      : this.select()
    const conflict = cursor.accept('on', 'conflict') ? this.#conflict() : undefined
    const returning = this.#returning()
    return { kind: 'insert', with: parts, table, alias, columns, rows, conflict, returning }
  }

  #conflict(): Insert['conflict'] {
    const cursor = this.#cursor
    const target = cursor.sees('(')
      ? cursor.inParentheses(() => cursor.list(() => cursor.name()))
      : cursor.accept('on', 'constraint')
        ? cursor.name()
        : undefined
    cursor.expect('do')
    if (cursor.accept('nothing')) return { target, update: undefined, where: undefined }
    cursor.expect('update', 'set')
    return { target, update: this.#assignments(), where: this.#where() }
  }

  #assignments(): readonly Assignment[] {
    const cursor = this.#cursor
    return cursor.list(() => {
      const column = cursor.name()
      cursor.expect('=')
      return { column, value: cursor.accept('default') ? undefined : this.expression() }
    })
  }

  #update(parts: readonly With[]): Update {
    const cursor = this.#cursor
    const table = cursor.name()
    const alias = this.#alias(table)
    cursor.expect('set')
    const set = this.#assignments()
    const from = cursor.accept('from') ? this.#from() : []
    const where = this.#where()
    const returning = this.#returning()
    return { kind: 'update', with: parts, table, alias, set, from, where, returning }
  }

  #delete(parts: readonly With[]): Delete {
    const cursor = this.#cursor
    const table = cursor.name()
    const alias = this.#alias(table)
    const from = cursor.accept('using') ? this.#from() : []
    const where = this.#where()
    return { kind: 'delete', with: parts, table, alias, from, where, returning: this.#returning() }
  }
}

const lockModes: readonly RowLock[] = ['NO KEY UPDATE', 'UPDATE', 'KEY SHARE', 'SHARE']

/** NOWAIT or SKIP LOCKED, if they are next. */
export function readPatience(cursor: Cursor): Patience {
  if (cursor.accept('skip', 'locked')) return 'skip'
  return cursor.accept('nowait') ? 'nowait' : 'wait'
}
