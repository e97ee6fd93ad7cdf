import type { MigrationConnection } from '#services/worker/seams.ts'

import type { ProbeTools } from '../../contract-probe.ts'
import { executeStatement, nothing } from './migration-statements.ts'
import type { Result } from './migration-statements.ts'
import { lostConnection, MigrationTable, sqlError } from './migration-table.ts'
import type { MigrationNames, Session } from './migration-table.ts'

const replyMs = 1

/** The database of an open shop, as its migration and its customers see it. */
export interface MigrationDatabase {
  readonly connect: () => Promise<MigrationConnection>
  /** A report reads the table from now on. */
  readonly report: (lastsMs: number) => void
  /** Called before each statement; what it throws ends the connection. */
  intercept?: (statement: string) => void
  /** See {@link MigrationTable}. */
  readonly table: MigrationTable
  /** What is not there: empty when the migration is complete. */
  readonly missing: () => readonly string[]
}

/**
 * A database that knows the statements of migrations, the lock queue of one table, and nothing else. A statement that it does
 * not know makes the probe undecided.
 */
export function createMigrationDatabase(
  time: Pick<ProbeTools<unknown>, 'now' | 'sleep'>,
  names: MigrationNames,
  oldOrders: number,
): MigrationDatabase {
  const table = new MigrationTable(time, names, oldOrders)
  const run = async (
    session: Session,
    statement: string,
    values: readonly unknown[],
  ): Promise<Result> => {
    await time.sleep(replyMs)
    if (session.lost) throw lostConnection()
    try {
      database.intercept?.(statement)
    } catch (error) {
      session.lost = true
      table.end(session, 'rollback')
      throw error
    }
    if (session.failed && !/^(rollback|abort|commit|end)$/.test(statement))
      throw sqlError('25P02', 'current transaction is aborted')
    try {
      return await executeStatement(table, session, statement, values)
    } catch (error) {
      if (session.before !== undefined) session.failed = true
      // Postgres releases the locks of a failed transaction at once.
      table.release(session)
      throw error
    }
  }
  const database: MigrationDatabase = {
    connect: async () => {
      await time.sleep(replyMs)
      const session: Session = {
        lockTimeoutMs: 0,
        statementTimeoutMs: 0,
        failed: false,
        lost: false,
      }
      const query = async (text: unknown, values: readonly unknown[] = []): Promise<Result> => {
        if (typeof text !== 'string') return table.giveUp(JSON.stringify(text))
        let result = nothing
        // Without BEGIN, Postgres makes one transaction of them; here each is its own.
        for (const statement of statementsOf(text)) result = await run(session, statement, values)
        return result
      }
      const end = async (): Promise<void> => {
        table.end(session, 'rollback')
        session.lost = true
      }
      return { query, end } as unknown as MigrationConnection
    },
    report: (lastsMs) => {
      table.reportUntilMs = time.now() + lastsMs
    },
    table,
    missing: () => missingIn(table),
  }
  return database
}

function missingIn({ state, names }: MigrationTable): readonly string[] {
  return [
    ...(state.hasColumn ? [] : ['the column']),
    ...(state.hasColumn && state.default !== "'web'" ? ['its default'] : []),
    ...(state.unfilled > 0 || state.filledWrongly ? ['the channel of old orders'] : []),
    ...(state.indexes[names.index] === 'valid' ? [] : ['a valid index']),
  ]
}

/** Without comments, in lower case, with single spaces. */
function statementsOf(text: string): readonly string[] {
  return text
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim().toLowerCase())
    .filter((statement) => statement !== '')
}
