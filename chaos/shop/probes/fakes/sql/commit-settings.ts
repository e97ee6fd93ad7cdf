import type { SentStatement } from '../fake-process.ts'
import type { Result } from './execute.ts'
import type { Session } from './session.ts'

/** How long a COMMIT waits: `synchronous_commit` of each session. */
export interface CommitSettings {
  /** Undefined: the statement sets something else. Otherwise the reply. */
  read(statement: Pick<SentStatement, 'sql' | 'values' | 'session'>): Result | undefined
  /** `local`: for no standby. Also for `off`. */
  levelOf(session: Session): string
  endTransaction(session: Session): void
}

const standard = 'local'
const set =
  /^\s*SET\s+(LOCAL\s+|SESSION\s+)?synchronous_commit\s*(?:=|\bTO\b)\s*'?(\w+)'?\s*;?\s*$/i
const call =
  /^\s*SELECT\s+set_config\s*\(\s*'synchronous_commit'\s*,\s*(?:'(\w+)'|\$1)\s*,\s*(\w+)\s*\)(?:\s+AS\s+\w+)?\s*;?\s*$/i

export function commitSettings(): CommitSettings {
  const ofSession = new WeakMap<Session, string>()
  const ofTransaction = new WeakMap<Session, string>()
  const keep = (session: Session, value: string, isLocal: boolean): void => {
    // Outside a transaction, LOCAL has no effect.
    if (isLocal && !session.isInTransaction) return
    if (isLocal) ofTransaction.set(session, value)
    else {
      ofSession.set(session, value)
      ofTransaction.delete(session)
    }
  }
  return {
    read({ sql, values, session }) {
      const [statement, scope = '', value] = set.exec(sql) ?? []
      if (statement !== undefined) {
        keep(session, levelIn(value), /^local/i.test(scope))
        return { command: 'SET', rowCount: null, rows: [] }
      }
      const [called, literal, isLocal] = call.exec(sql) ?? []
      if (called === undefined) return undefined
      const given = literal ?? String(values[0])
      keep(session, levelIn(given), /^true$/i.test(isLocal ?? ''))
      return { command: 'SELECT', rowCount: 1, rows: [{ set_config: given }] }
    },
    levelOf: (session) => ofTransaction.get(session) ?? ofSession.get(session) ?? standard,
    endTransaction: (session) => void ofTransaction.delete(session),
  }
}

function levelIn(value = standard): string {
  return value.toLowerCase() === 'off' ? standard : value.toLowerCase()
}
