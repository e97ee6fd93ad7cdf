import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Migrate } from '#services/worker/seams.ts'

import { endInWords, Undecided } from '../contract-probe.ts'
import type { CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'
import { createMigrationDatabase } from '../fakes/migration/migration-database.ts'
import type { MigrationDatabase } from '../fakes/migration/migration-database.ts'
import { lostConnection } from '../fakes/migration/migration-table.ts'

const noWait =
  'No statement of a customer waits longer than half a second for the migration, however long a report reads and however many old orders there are.'
const complete =
  'When the migration resolves, it is complete: the column, a channel in every order, and a valid index. It does not give up because of a report.'
const again =
  'A lost connection or a restart of the worker calls it again, and it completes what is missing.'

const names = { column: 'channel', index: 'orders_channel' }
/** Twice what the README allows: a right design may need two statements in one transaction. */
const customersWaitMaxMs = 1_000
const minuteMs = 60_000
const limitMs = 30 * minuteMs
const statementsMax = 12
const callsMax = 4

export const migrateContract: SeamContract<Migrate> = {
  lab: 'lock-queue',
  time: 'jumping',
  probes: [
    {
      name: 'a report reads the table for a minute: no customer waits for the migration',
      promise: noWait,
      run: async (tools) => {
        const { database } = await migrated(tools, { reportMs: minuteMs })
        return tooLong(database)
      },
    },
    {
      name: 'a report reads the table for ten minutes: the migration completes',
      promise: complete,
      run: async (tools) => {
        const { database, end } = await migrated(tools, { reportMs: 10 * minuteMs })
        return incomplete(database, end)
      },
    },
    {
      name: 'there are ten thousand old orders: no customer waits for one of them',
      promise: noWait,
      run: async (tools) => {
        const { database, end } = await migrated(tools, { oldOrders: 10_000 })
        return tooLong(database) ?? incomplete(database, end)
      },
    },
    {
      name: 'a report begins when the index is built: the index is valid in the end',
      promise: complete,
      run: async (tools) => {
        const { database, end } = await migrated(tools, { reportAtIndexMs: minuteMs })
        return incomplete(database, end) ?? tooLong(database)
      },
    },
    {
      name: 'the connection is lost at any statement: the next calls complete the migration',
      promise: again,
      run: async (tools) => await lostAtEach(tools),
    },
  ],
}

interface Situation {
  readonly reportMs?: number
  /** A report of this length begins at the first CREATE INDEX. */
  readonly reportAtIndexMs?: number
  readonly oldOrders?: number
}

async function migrated(
  tools: ProbeTools<Migrate>,
  { reportMs = 0, reportAtIndexMs = 0, oldOrders = 50 }: Situation,
): Promise<{ readonly database: MigrationDatabase; readonly end: CallEnd<void> }> {
  const database = createMigrationDatabase(tools, names, oldOrders)
  database.report(reportMs)
  let isFirst = true
  database.intercept = (statement) => {
    if (!isFirst || !statement.startsWith('create index')) return
    isFirst = false
    database.report(reportAtIndexMs)
  }
  const end = await callOnce(tools, database)
  return { database, end }
}

async function callOnce(
  tools: ProbeTools<Migrate>,
  database: MigrationDatabase,
): Promise<CallEnd<void>> {
  const migrate = await tools.load()
  const desk = { ...names, connect: database.connect, sleep: tools.sleep, log: silent }
  const end = await tools.call(async () => await migrate(desk), limitMs)
  if (database.table.unknown !== undefined)
    throw new Undecided(`The database of the probe does not know: ${database.table.unknown}`)
  if (end.how === 'threw' && end.error instanceof Undecided) throw end.error
  return end
}

function tooLong({ table: { longest } }: MigrationDatabase): Breach | undefined {
  if (longest.ms <= customersWaitMaxMs) return undefined
  return {
    expected: `customers wait at most ${customersWaitMaxMs} ms for a statement of the migration`,
    actual: `${longest.ms} ms behind ${longest.statement.slice(0, 80)}`,
  }
}

function incomplete(database: MigrationDatabase, end: CallEnd<void>): Breach | undefined {
  const missing = database.missing()
  if (end.how === 'returned' && missing.length === 0) return undefined
  return {
    expected: 'the migration resolves, and it is complete',
    actual: `${endInWords(end)}${missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`}`,
  }
}

async function lostAtEach(tools: ProbeTools<Migrate>): Promise<Breach | undefined> {
  for (let at = 1; at <= statementsMax; at++) {
    const database = createMigrationDatabase(tools, names, 50)
    let count = 0
    database.intercept = () => {
      if (++count === at) throw lostConnection()
    }
    let end = await callOnce(tools, database)
    for (let call = 2; call <= callsMax && end.how !== 'returned'; call++)
      end = await callOnce(tools, database)
    const breach = incomplete(database, end)
    if (breach !== undefined)
      return {
        ...breach,
        expected: `${breach.expected}, although statement ${at} lost its connection`,
      }
  }
  return undefined
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }
