import { Undecided } from '../../contract-probe.ts'
import type { Patience, RowLock } from './parser/statements.ts'
import type { Holder, Row, Table } from './rows.ts'
import { sqlError } from './values.ts'

/** A statement cannot continue until one of these connections ends its transaction or unlocks. */
export class Blocked extends Error {
  override readonly name = 'Blocked'
  readonly by: readonly Holder[]

  constructor(by: readonly Holder[]) {
    super('blocked')
    this.by = by
  }
}

const strength: readonly RowLock[] = ['KEY SHARE', 'SHARE', 'NO KEY UPDATE', 'UPDATE']

function rowLocksConflict(a: RowLock, b: RowLock): boolean {
  const [first, second] = [strength.indexOf(a), strength.indexOf(b)]
  const [weak, strong] = [Math.min(first, second), Math.max(first, second)]
  return strong === 3 || (strong === 2 && weak >= 1)
}

/** Locks a row. False: it is locked by others and the statement skips it. */
export function lockRow(row: Row, holder: Holder, mode: RowLock, patience: Patience): boolean {
  const by = [...row.locks].filter(
    ([other, held]) => other !== holder && rowLocksConflict(held, mode),
  )
  if (by.length > 0 && patience === 'skip') return false
  if (by.length > 0 && patience === 'nowait')
    throw sqlError('55P03', 'could not obtain lock on row')
  if (by.length > 0) throw new Blocked(by.map(([other]) => other))
  const held = row.locks.get(holder)
  if (held === undefined || strength.indexOf(held) < strength.indexOf(mode))
    row.locks.set(holder, mode)
  return true
}

/** The conflicts of table locks, as in the documentation of Postgres. */
const tableModes = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
]
const tableConflicts: readonly (readonly number[])[] = [
  [7],
  [6, 7],
  [4, 5, 6, 7],
  [3, 4, 5, 6, 7],
  [2, 3, 5, 6, 7],
  [2, 3, 4, 5, 6, 7],
  [1, 2, 3, 4, 5, 6, 7],
  [0, 1, 2, 3, 4, 5, 6, 7],
]

/** Locks a table for a statement, or for LOCK TABLE. */
export function lockTable(
  { name, locks }: Table,
  holder: Holder,
  mode: string,
  patience: Patience = 'wait',
): void {
  const conflicts = tableConflicts[tableModes.indexOf(mode)]
  if (conflicts === undefined) throw new Undecided(`LOCK TABLE in ${mode} mode`)
  const by = [...locks].filter(
    ([other, held]) =>
      other !== holder && conflicts.some((index) => held.has(tableModes[index] ?? '')),
  )
  if (by.length > 0 && patience !== 'wait')
    throw sqlError('55P03', `could not obtain lock on relation "${name}"`)
  if (by.length > 0) throw new Blocked(by.map(([other]) => other))
  locks.set(holder, (locks.get(holder) ?? new Set()).add(mode))
}

/** How often a connection holds an advisory lock: until it unlocks, and until its transaction ends. */
interface Held {
  session: number
  transaction: number
}

/** Advisory locks. They are all exclusive. */
export class AdvisoryLocks {
  readonly #locks = new Map<string, Map<Holder, Held>>()

  take(key: string, holder: Holder, scope: keyof Held, patience: Patience): boolean {
    const holders = this.#locks.get(key) ?? new Map<Holder, Held>()
    const others = [...holders.keys()].filter((other) => other !== holder)
    if (others.length > 0) {
      if (patience === 'skip') return false
      throw new Blocked(others)
    }
    const held = holders.get(holder) ?? { session: 0, transaction: 0 }
    holders.set(holder, { ...held, [scope]: held[scope] + 1 })
    this.#locks.set(key, holders)
    return true
  }

  unlock(key: string, holder: Holder): boolean {
    const held = this.#locks.get(key)?.get(holder)
    if (held === undefined || held.session === 0) return false
    held.session -= 1
    this.#forget(key, holder, held)
    return true
  }

  /** The end of a transaction, or of the connection. */
  release(holder: Holder, scope: keyof Held | 'all'): void {
    for (const [key, holders] of this.#locks) {
      const held = holders.get(holder)
      if (held === undefined) continue
      if (scope !== 'transaction') held.session = 0
      if (scope !== 'session') held.transaction = 0
      this.#forget(key, holder, held)
    }
  }

  #forget(key: string, holder: Holder, { session, transaction }: Held): void {
    if (session + transaction === 0) this.#locks.get(key)?.delete(holder)
  }
}
