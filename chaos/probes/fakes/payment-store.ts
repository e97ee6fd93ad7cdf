import { DatabaseError } from 'pg'

import type { Database } from '#services/lib/database.ts'

import { Undecided } from '../contract-probe.ts'
import type { ProbeTools } from '../contract-probe.ts'

/** The rows of one order with one payment. */
interface Rows {
  status: 'charging' | 'paid'
  ledger: number
  /** When each message was marked as processed. */
  readonly marks: ReadonlyMap<string, number>
}

interface Reply {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly rowCount: number
}

export interface PaymentStore {
  readonly rows: Readonly<Rows>
  /**
   * The database for one process. It dies at its statement number `diesAt`: before the statement is
   * executed, or after it and before its reply arrives. What it has not committed is rolled back.
   */
  database(death?: { readonly at: number; readonly when: 'before' | 'after' }): Database
  undecided(): Undecided | undefined
}

/**
 * The tables that a payment changes, with transactions one after the other. Any statement that it
 * does not know makes the probe undecided.
 */
export function createPaymentStore({
  sleep,
  now,
}: Pick<ProbeTools<unknown>, 'sleep' | 'now'>): PaymentStore {
  let committed: Rows = { status: 'charging', ledger: 0, marks: new Map() }
  let unknown: Undecided | undefined

  const connect = (death: { at: number; when: string } | undefined, count: { value: number }) => {
    let open: Rows | undefined
    const query = async (given: unknown, given2: unknown): Promise<unknown> => {
      const config = typeof given === 'string' ? { text: given, values: given2 } : given
      const { text, values = [] } = config as { text: string; values?: readonly unknown[] }
      const sql = text.trim().replaceAll(/\s+/g, ' ')
      const command = (sql.split(' ')[0] ?? '').toUpperCase().replace(/;$/, '')
      const dies = death !== undefined && (count.value += 1) >= death.at
      if (dies && death.when === 'before') await new Promise<never>(() => undefined)
      await sleep(1)
      let reply: Reply = { rows: [], rowCount: 0 }
      if (command === 'BEGIN') open = committed
      else if (command === 'ROLLBACK') open = undefined
      else if (command === 'COMMIT') {
        committed = open ?? committed
        open = undefined
      } else {
        const result = execute(sql, values, open ?? committed, now())
        if (result === undefined)
          throw (unknown ??= new Undecided(`unknown statement: ${sql.slice(0, 80)}`))
        if (open === undefined) committed = result.rows
        else open = result.rows
        reply = result.reply
      }
      if (dies) await new Promise<never>(() => undefined)
      return { ...reply, command }
    }
    const client: object = { query, release: () => undefined, on: () => client, once: () => client }
    return client
  }

  return {
    get rows() {
      return committed
    },
    database: (death) => {
      const count = { value: 0 }
      const pool: object = {
        connect: async () => connect(death, count),
        query: (connect(death, count) as { query: unknown }).query,
        on: () => pool,
      }
      return pool as Database
    },
    undecided: () => unknown,
  }
}

/** Executes a statement; undefined: it is unknown. */
function execute(
  sql: string,
  values: readonly unknown[],
  rows: Rows,
  nowMs: number,
): { readonly rows: Rows; readonly reply: Reply } | undefined {
  const one = (row: Readonly<Record<string, unknown>>): Reply => ({ rows: [row], rowCount: 1 })
  const none: Reply = { rows: [], rowCount: 0 }
  const message = String(values.find((value) => String(value).startsWith('order-placed:')))
  if (/^INSERT INTO processed_messages\b/i.test(sql)) {
    const isNew = !rows.marks.has(message)
    if (!isNew && !/ON CONFLICT DO NOTHING|ON CONFLICT \(.*\) DO NOTHING/i.test(sql))
      throw duplicate()
    if (!isNew) return { rows, reply: none }
    return {
      rows: { ...rows, marks: new Map(rows.marks).set(message, nowMs) },
      reply: one({ message_id: message }),
    }
  }
  if (/^DELETE FROM processed_messages\b/i.test(sql)) {
    const ageMs = intervalIn(sql)
    if (ageMs === undefined) return undefined
    const kept = [...rows.marks].filter(([, at]) => nowMs - at <= ageMs)
    return { rows: { ...rows, marks: new Map(kept) }, reply: none }
  }
  if (/^INSERT INTO ledger_transactions\b/i.test(sql)) {
    if (/\bSELECT\b|ON CONFLICT/i.test(sql)) return undefined
    return {
      rows: { ...rows, ledger: rows.ledger + 1 },
      reply: one({ id: String(rows.ledger + 1) }),
    }
  }
  if (/^INSERT INTO ledger_entries\b/i.test(sql)) return { rows, reply: { rows: [], rowCount: 2 } }
  if (/^UPDATE orders\b/i.test(sql)) {
    const condition = /\bWHERE (.*?)(?: RETURNING |$)/i.exec(sql)?.[1] ?? ''
    // A condition on another column, such as the version: unknown.
    if (
      /[a-z_]+/gi.exec(
        condition.replaceAll(/\b(id|status|any|in|and|not)\b|\$\d+(::\w+(\[\])?)?|'[^']*'/gi, ''),
      ) !== null
    )
      return undefined
    const isGuarded = /\bstatus\b/i.test(condition)
    if (isGuarded && rows.status === 'paid') return { rows, reply: none }
    return { rows: { ...rows, status: 'paid' }, reply: one({ id: 'o-1', sku: 'mug', quantity: 1 }) }
  }
  if (/^(SELECT pg_advisory_xact_lock|SAVEPOINT|RELEASE|SET|LOCK)\b/i.test(sql))
    return { rows, reply: one({}) }
  const [, columns = '', table = ''] = /^SELECT (.*?) FROM (\w+)\b/i.exec(sql) ?? []
  // A function or another name: the shape of the result is unknown.
  if (table === '' || /[(]|\bAS\b|\bJOIN\b/i.test(columns)) return undefined
  if (table === 'processed_messages')
    return { rows, reply: rows.marks.has(message) ? one({ message_id: message }) : none }
  if (table === 'ledger_transactions')
    return { rows, reply: rows.ledger > 0 ? one({ id: '1', order_id: 'o-1' }) : none }
  if (table === 'orders') return { rows, reply: one({ id: 'o-1', status: rows.status }) }
  return undefined
}

const unitMs = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** The age in `interval '10 seconds'`. */
function intervalIn(sql: string): number | undefined {
  const [, count, unit] = /interval '(\d+) (second|minute|hour|day)s?'/i.exec(sql) ?? []
  if (count === undefined || unit === undefined) return undefined
  return Number(count) * unitMs[unit.toLowerCase() as keyof typeof unitMs]
}

function duplicate(): DatabaseError {
  const error = new DatabaseError('duplicate key value violates unique constraint', 0, 'error')
  return Object.assign(error, { code: '23505', severity: 'ERROR' })
}
