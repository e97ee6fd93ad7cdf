import { readType } from './expression-parser.ts'
import { QueryParser, readPatience } from './query-parser.ts'
import type { ColumnDefinition, CreateTable, Isolation, Statement } from './statements.ts'
import { Cursor } from './tokens.ts'

const parsed = new Map<string, readonly Statement[]>()

/** The statements of an SQL text. Unknown SQL makes the probe undecided. */
export function parseSql(sql: string): readonly Statement[] {
  const known = parsed.get(sql)
  if (known !== undefined) return known
  const cursor = new Cursor(sql)
  const statements: Statement[] = []
  while (!cursor.isAtEnd) {
    if (cursor.accept(';')) continue
    statements.push(readStatement(cursor))
    if (!cursor.isAtEnd) cursor.expect(';')
  }
  parsed.set(sql, statements)
  return statements
}

function readStatement(cursor: Cursor): Statement {
  const control = readControl(cursor)
  if (control !== undefined) return control
  if (cursor.accept('set')) return readSet(cursor)
  if (cursor.accept('lock')) return readLock(cursor)
  if (!cursor.accept('create')) return new QueryParser(cursor).query()
  if (cursor.accept('table')) return readCreateTable(cursor)
  if (cursor.accept('sequence')) return { kind: 'create sequence', name: cursor.name() }
  // Of the schema: indexes that are not unique, functions and triggers that only write events.
  if (!cursor.sees('index') && !cursor.sees('function') && !cursor.sees('trigger')) cursor.fail()
  while (!cursor.isAtEnd && !cursor.sees(';')) cursor.take()
  return { kind: 'nothing' }
}

function readControl(cursor: Cursor): Statement | undefined {
  if (cursor.accept('begin') || cursor.accept('start', 'transaction')) {
    if (!cursor.accept('transaction')) cursor.accept('work')
    return { kind: 'begin', isolation: readIsolation(cursor) }
  }
  if (cursor.accept('commit') || cursor.accept('end')) return { kind: 'commit' }
  if (cursor.accept('savepoint')) return { kind: 'savepoint', name: cursor.name() }
  if (cursor.accept('release')) {
    cursor.accept('savepoint')
    return { kind: 'release', name: cursor.name() }
  }
  if (!cursor.accept('rollback')) return undefined
  if (!cursor.accept('to')) return { kind: 'rollback' }
  cursor.accept('savepoint')
  return { kind: 'rollback to', name: cursor.name() }
}

function readIsolation(cursor: Cursor): Isolation | undefined {
  if (!cursor.accept('isolation', 'level')) return undefined
  if (cursor.accept('serializable')) return 'serializable'
  if (cursor.accept('repeatable', 'read')) return 'repeatable read'
  cursor.expect('read', 'committed')
  return 'read committed'
}

/** Settings that no probe depends on. */
const harmless = /^(synchronous_commit|application_name|client_min_messages)$/

function readSet(cursor: Cursor): Statement {
  if (cursor.accept('transaction')) {
    const isolation = readIsolation(cursor)
    if (isolation === undefined) cursor.fail()
    return { kind: 'isolation', isolation }
  }
  const isLocal = cursor.accept('local')
  cursor.accept('session')
  const name = cursor.name()
  if (!cursor.accept('=')) cursor.expect('to')
  const value = cursor.take().text
  if (harmless.test(name)) return { kind: 'nothing' }
  if (!/^(lock|statement|idle_in_transaction_session)_timeout$/.test(name)) cursor.fail()
  return { kind: 'set', name, value, isLocal }
}

function readLock(cursor: Cursor): Statement {
  cursor.accept('table')
  const tables = cursor.list(() => cursor.name())
  const words: string[] = []
  if (cursor.accept('in')) while (!cursor.accept('mode')) words.push(cursor.take().text)
  const mode = words.length === 0 ? 'access exclusive' : words.join(' ')
  return { kind: 'lock table', tables, mode, patience: readPatience(cursor) }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }

function readCreateTable(cursor: Cursor): CreateTable {
  const ifNotExists = cursor.accept('if', 'not', 'exists')
  const name = cursor.name()
  const table: Mutable<CreateTable> = {
    kind: 'create table',
    name,
    ifNotExists,
    columns: [],
    unique: [],
    checks: [],
  }
  cursor.inParentheses(() => cursor.list(() => readTableItem(cursor, table)))
  return table
}

/** A column, or a constraint of the table. */
function readTableItem(cursor: Cursor, table: Mutable<CreateTable>): void {
  const given = cursor.accept('constraint') ? cursor.name() : undefined
  const names = (): readonly string[] =>
    cursor.inParentheses(() => cursor.list(() => cursor.name()))
  if (cursor.accept('unique') || cursor.accept('primary', 'key')) {
    const columns = names()
    table.unique.push({ name: given ?? `${table.name}_${columns.join('_')}_key`, columns })
  } else if (cursor.accept('check')) {
    const condition = cursor.inParentheses(new QueryParser(cursor).expression)
    table.checks.push({ name: given ?? `${table.name}_check`, condition })
  } else if (given === undefined) table.columns.push(readColumn(cursor, table))
  else cursor.fail()
}

function readColumn(cursor: Cursor, table: Mutable<CreateTable>): ColumnDefinition {
  const name = cursor.name()
  const type = readType(cursor)
  let isRequired = false
  let standard: ColumnDefinition['standard']
  for (;;)
    if (cursor.accept('not', 'null')) isRequired = true
    else if (cursor.accept('null')) isRequired = false
    else if (cursor.accept('primary', 'key')) {
      isRequired = true
      table.unique.push({ name: `${table.name}_pkey`, columns: [name] })
    } else if (cursor.accept('unique'))
      table.unique.push({ name: `${table.name}_${name}_key`, columns: [name] })
    else if (cursor.accept('default')) standard = new QueryParser(cursor).expression()
    else if (
      cursor.accept('generated', 'always', 'as', 'identity') ||
      cursor.accept('generated', 'by', 'default', 'as', 'identity')
    )
      standard = 'identity'
    else if (cursor.accept('references')) {
      cursor.name()
      if (cursor.sees('(')) cursor.inParentheses(() => cursor.name())
    } else if (cursor.accept('check')) {
      const condition = cursor.inParentheses(new QueryParser(cursor).expression)
      table.checks.push({ name: `${table.name}_${name}_check`, condition })
    } else return { name, type, isRequired, standard }
}
