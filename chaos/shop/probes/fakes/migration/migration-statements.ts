import { sqlError } from './migration-table.ts'
import type { MigrationTable, Session } from './migration-table.ts'

/** What one old order takes, and the index of the large table of production. */
const msPerOrder = 15
const msPerIndex = 5_000
const lockedMs = 1

export interface Result {
  readonly rows: readonly object[]
  readonly rowCount: number
}

export const nothing: Result = { rows: [], rowCount: 0 }

interface Execution {
  readonly table: MigrationTable
  readonly session: Session
  readonly statement: string
  readonly values: readonly unknown[]
  /** The groups of the pattern. */
  readonly match: readonly (string | undefined)[]
}

type Execute = (execution: Execution) => Result | Promise<Result>

const transaction: readonly (readonly [RegExp, Execute])[] = [
  [/^(?:begin|start transaction)/, ({ table, session }) => done(table.begin(session))],
  [/^(?:commit|end)$/, ({ table, session }) => done(table.end(session, 'commit'))],
  [/^(?:rollback|abort)$/, ({ table, session }) => done(table.end(session, 'rollback'))],
]

const settings: readonly (readonly [RegExp, Execute])[] = [
  [
    /^(?:set|reset) (?:session |local )?(lock_timeout|statement_timeout)(?: ?(?:=|to) ?'?(\d+|default)(ms|s|min)?'?)?$/,
    setLimit,
  ],
  [/^set (?:session |local )?(?!role)[a-z_.]+ ?(?:=|to)/, () => nothing],
]

const changes: readonly (readonly [RegExp, Execute])[] = [
  [/^lock (?:table )?(?:only )?orders in (?:access )?exclusive mode( nowait)?$/, lockTable],
  [/^alter table (?:if exists )?(?:only )?orders (.*)$/, alterTable],
  [
    /^create index (concurrently )?(if not exists )?(\w+) on (?:only )?orders (?:using btree )?\( ?(\w+) ?\)$/,
    createIndex,
  ],
  [/^drop index (concurrently )?(if exists )?(\w+)$/, dropIndex],
  [/^reindex index concurrently (\w+)$/, reindex],
  [/\bupdate (?:only )?orders (?:as \w+ |\w+ )?set (\w+) ?= ?channel_of ?\(/, fill],
]

const reads: readonly (readonly [RegExp, Execute])[] = [
  [
    /^select (?:1|id|true|null|)(?: as \w+)? ?from (?:only )?orders where \w+ is null(?: order by \w+)?(?: limit (\d+))?$/,
    findUnfilled,
  ],
  [
    /^select (?:\w+\.)?indisvalid(?: as (\w+))? from pg_index (?:\w+ )?where (?:\w+\.)?indexrelid = to_regclass\( ?(?:\$1|'\w+') ?\)$/,
    ({ table, match: [, alias = 'indisvalid'] }) => {
      const state = table.state.indexes[table.names.index]
      return state === undefined ? nothing : { rows: [{ [alias]: state === 'valid' }], rowCount: 1 }
    },
  ],
  [
    /^select pg_backend_pid\(\)(?: as (\w+))?$/,
    ({ match: [, alias = 'pg_backend_pid'] }) => ({ rows: [{ [alias]: 1 }], rowCount: 1 }),
  ],
]

/** Executes one statement, in lower case and with single spaces. A statement that it does not know makes the probe undecided. */
export async function executeStatement(
  table: MigrationTable,
  session: Session,
  statement: string,
  values: readonly unknown[],
): Promise<Result> {
  for (const [pattern, execute] of [...transaction, ...settings, ...changes, ...reads]) {
    const match = pattern.exec(statement)
    if (match !== null) return await execute({ table, session, statement, values, match })
  }
  return table.giveUp(statement)
}

function done(_ended: void): Result {
  return nothing
}

function setLimit({ session, match: [, setting, number = '0', unit = 'ms'] }: Execution): Result {
  const ms = (Number(number) || 0) * (unit === 's' ? 1_000 : unit === 'min' ? 60_000 : 1)
  if (setting === 'lock_timeout') session.lockTimeoutMs = ms
  else session.statementTimeoutMs = ms
  return nothing
}

async function lockTable(execution: Execution): Promise<Result> {
  const { table, session, statement, match } = execution
  const isBusy = table.reportUntilMs > table.time.now()
  if (match[1] !== undefined && isBusy)
    throw sqlError('55P03', 'could not obtain lock on relation "orders"')
  await table.waitForReport(session, statement, true)
  await table.exclusively(session, statement, lockedMs)
  return nothing
}

async function alterTable({ table, session, statement, match }: Execution): Promise<Result> {
  await table.waitForReport(session, statement, true)
  await table.exclusively(session, statement, lockedMs)
  for (const action of (match[1] ?? '').split(/,(?![^(]*\))/))
    alter(table, action.trim(), statement)
  return nothing
}

function alter(table: MigrationTable, action: string, statement: string): void {
  const { state, names } = table
  const added = /^add (?:column )?(if not exists )?(\w+) text(.*)$/.exec(action)
  if (added !== null) {
    const [, ifNotExists, , rest = ''] = added
    if (state.hasColumn && ifNotExists !== undefined) return
    if (state.hasColumn) throw sqlError('42701', `column "${names.column}" already exists`)
    const given = /default ('[^']*')/.exec(rest)?.[1]
    const filled =
      given === undefined ? {} : { default: given, unfilled: 0, filledWrongly: state.unfilled > 0 }
    return table.change({ hasColumn: true, ...filled })
  }
  const defaulted = /^alter (?:column )?\w+ set default ('[^']*')/.exec(action)
  if (defaulted !== null && state.hasColumn) return table.change({ default: defaulted[1] ?? null })
  if (!/^alter (?:column )?\w+ set not null$/.test(action)) table.giveUp(statement)
}

async function createIndex({ table, session, statement, match }: Execution): Promise<Result> {
  const [, concurrently, ifNotExists, name = ''] = match
  table.requireColumn()
  if (concurrently !== undefined) refuseInTransaction(session)
  if (table.state.indexes[name] !== undefined) {
    if (ifNotExists !== undefined) return nothing
    throw sqlError('42P07', `relation "${name}" already exists`)
  }
  if (concurrently === undefined) {
    await table.exclusively(session, statement, msPerIndex)
  } else {
    setIndex(table, name, 'invalid')
    await table.waitForReport(session, statement, false)
    await table.time.sleep(msPerIndex)
  }
  setIndex(table, name, 'valid')
  return nothing
}

async function dropIndex({ table, session, statement, match }: Execution): Promise<Result> {
  const [, concurrently, ifExists, name = ''] = match
  if (concurrently !== undefined) refuseInTransaction(session)
  if (table.state.indexes[name] === undefined) {
    if (ifExists !== undefined) return nothing
    throw sqlError('42704', `index "${name}" does not exist`)
  }
  await table.waitForReport(session, statement, concurrently === undefined)
  if (concurrently === undefined) await table.exclusively(session, statement, lockedMs)
  const { [name]: _dropped, ...indexes } = table.state.indexes
  table.change({ indexes })
  return nothing
}

async function reindex({ table, session, statement, match }: Execution): Promise<Result> {
  const [, name = ''] = match
  refuseInTransaction(session)
  if (table.state.indexes[name] === undefined)
    throw sqlError('42704', `index "${name}" does not exist`)
  await table.waitForReport(session, statement, false)
  await table.time.sleep(msPerIndex)
  setIndex(table, name, 'valid')
  return nothing
}

async function fill({ table, session, statement, values }: Execution): Promise<Result> {
  table.requireColumn()
  const count = Math.min(table.state.unfilled, batchOf(statement, values, table))
  await table.exclusively(session, statement, count * msPerOrder)
  table.change({ unfilled: table.state.unfilled - count })
  return ordersOf(count)
}

function findUnfilled({ table, match: [, limit = '1000000'] }: Execution): Result {
  table.requireColumn()
  return ordersOf(Math.min(table.state.unfilled, Number(limit)))
}

/** How many orders one UPDATE changes at most. */
function batchOf(statement: string, values: readonly unknown[], table: MigrationTable): number {
  const limit = /\blimit (\d+|\$(\d+))/.exec(statement)
  if (limit !== null)
    return Number(limit[2] === undefined ? limit[1] : values[Number(limit[2]) - 1])
  const ids = /\bid = any ?\( ?\$(\d+)/.exec(statement)
  const list = ids === null ? undefined : values[Number(ids[1]) - 1]
  if (Array.isArray(list)) return list.length
  if (/\bwhere id = \$1/.test(statement)) return 1
  const condition = /\bwhere (.*)$/.exec(statement)?.[1] ?? ''
  if (condition === '' || /^\w+ is null$/.test(condition)) return Number.MAX_SAFE_INTEGER
  return table.giveUp(statement)
}

function ordersOf(count: number): Result {
  return { rows: Array.from({ length: count }, (_, i) => ({ id: `o-${i}` })), rowCount: count }
}

function setIndex(table: MigrationTable, name: string, state: 'invalid' | 'valid'): void {
  table.change({ indexes: { ...table.state.indexes, [name]: state } })
}

function refuseInTransaction({ before }: Session): void {
  if (before !== undefined)
    throw sqlError('25001', 'CONCURRENTLY cannot run inside a transaction block')
}
