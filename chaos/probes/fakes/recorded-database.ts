import type { Database } from '#services/lib/database.ts'

import { Undecided } from '../contract-probe.ts'
import type { ProbeTools } from '../contract-probe.ts'

export interface Reply {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly rowCount: number
}

/** Replies to a statement; undefined: the statement is unknown, and the probe cannot tell. */
export type ReplyTo = (
  sql: string,
  values: readonly unknown[],
) => Reply | undefined | Promise<Reply>

/** Statements that mean nothing to a probe. */
const harmless =
  /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|LOCK)\b|^SELECT\s+pg_(try_)?advisory/i

/** The name that the statement gives to its one column. */
export function aliasIn(sql: string, otherwise: string): string {
  return /\bAS\s+"?(\w+)"?\s*(?:$|FROM)/i.exec(sql)?.[1] ?? otherwise
}

/**
 * A pool of connections that understands only what `replyTo` knows. Another statement is not an
 * error of the learner: then the probe is undecided.
 */
export function createRecordedDatabase(
  { sleep }: Pick<ProbeTools<unknown>, 'sleep'>,
  replyTo: ReplyTo,
): { readonly database: Database; readonly undecided: () => Undecided | undefined } {
  let undecided: Undecided | undefined
  const query = async (given: unknown, given2: unknown): Promise<unknown> => {
    await sleep(1)
    const config = typeof given === 'string' ? { text: given, values: given2 } : given
    const { text, values } = config as { text: string; values?: readonly unknown[] }
    const sql = text.trim()
    const reply = await replyTo(sql, values ?? [])
    const command = sql.split(/\W/)[0]?.toUpperCase() ?? ''
    if (reply !== undefined) return { ...reply, command }
    if (harmless.test(sql)) {
      const name = aliasIn(sql, 'pg_try_advisory_xact_lock')
      return { rows: [{ [name]: true }], rowCount: 1, command }
    }
    undecided ??= new Undecided(`unknown statement: ${sql.slice(0, 80)}`)
    throw undecided
  }
  const listeners = { on: () => client, once: () => client, off: () => client }
  const client: object = { query, release: () => undefined, ...listeners }
  const database = { query, connect: async () => client, ...listeners } as unknown as Database
  return { database, undecided: () => undecided }
}
