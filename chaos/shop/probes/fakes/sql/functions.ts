import { Undecided } from '../../contract-probe.ts'
import type { Context } from './context.ts'
import type { WriteAheadLog } from './store.ts'
import {
  calculate,
  cast,
  compare,
  Instant,
  Position,
  sqlError,
  toBoolean,
  toText,
} from './values.ts'
import type { Value } from './values.ts'

type Call = (given: readonly Value[], context: Context) => Value

/** Calls a function. An unknown one makes the probe undecided. */
export function callFunction(name: string, given: readonly Value[], context: Context): Value {
  const call =
    functions[name] ?? (name.startsWith('pg_') ? (logFunctions[name] ?? advisory(name)) : undefined)
  if (call === undefined) throw new Undecided(`the function ${name}`)
  return call(given, context)
}

const clock: Call = (_given, { store }) => new Instant(store.nowMs)
const transactionStart: Call = (_given, { transaction }) => new Instant(transaction.startedAtMs)

const functions: Readonly<Record<string, Call>> = {
  clock_timestamp: clock,
  statement_timestamp: clock,
  now: transactionStart,
  transaction_timestamp: transactionStart,
  coalesce: (given) => given.find((value) => value !== null) ?? null,
  nullif: ([a = null, b = null]) => (compare(a, b) === 0 ? null : a),
  greatest: (given) => extreme(given, 1),
  least: (given) => extreme(given, -1),
  hashtext: ([text = null]) =>
    text === null ? null : Number(BigInt.asIntN(32, hash(toText(text)))),
  hashtextextended: ([text = null]) =>
    text === null ? null : BigInt.asIntN(64, hash(toText(text))),
  lower: ([text = null]) => (text === null ? null : toText(text).toLowerCase()),
  upper: ([text = null]) => (text === null ? null : toText(text).toUpperCase()),
  length: ([text = null]) => (text === null ? null : toText(text).length),
  concat: (given) => given.map((value) => (value === null ? '' : toText(value))).join(''),
  abs: ([value = null]) =>
    value !== null && (compare(value, 0) ?? 0) < 0 ? calculate('-', 0, value) : value,
  cardinality: ([array = null]) => (Array.isArray(array) ? array.length : null),
  current_setting: ([name = null]) => {
    if (name === 'application_name') return 'probe'
    throw new Undecided(`the setting ${name === null ? 'null' : toText(name)}`)
  },
  nextval: ([name = null], { store }) => {
    const sequence = toText(name)
    const last = store.sequences.get(sequence)
    if (last === undefined) throw sqlError('42P01', `relation "${sequence}" does not exist`)
    store.sequences.set(sequence, last + 1n)
    return last + 1n
  },
}

function logOf({ store }: Context): WriteAheadLog {
  if (store.log === undefined) throw new Undecided('the write-ahead log')
  return store.log
}

const written: Call = (_given, context) => {
  const { role, byte } = logOf(context)
  if (role === 'primary') return new Position(byte)
  throw sqlError('55000', 'recovery is in progress')
}

const replayed: Call = (_given, context) => {
  const { role, byte } = logOf(context)
  return role === 'replica' ? new Position(byte) : null
}

const received: Call = (_given, context) => {
  const { role, byte, receivedByte = byte } = logOf(context)
  return role === 'replica' ? new Position(receivedByte) : null
}

/** What a server says about its write-ahead log. */
const logFunctions: Readonly<Record<string, Call>> = {
  pg_current_wal_lsn: written,
  pg_current_wal_insert_lsn: written,
  pg_current_wal_flush_lsn: written,
  pg_last_wal_replay_lsn: replayed,
  pg_last_wal_receive_lsn: received,
  pg_is_in_recovery: (_given, context) => logOf(context).role === 'replica',
  pg_last_xact_replay_timestamp: (_given, context) => {
    const { replayedCommitMs } = logOf(context)
    return replayedCommitMs === null ? null : new Instant(replayedCommitMs)
  },
  pg_wal_lsn_diff: ([a = null, b = null]) =>
    a === null || b === null ? null : calculate('-', cast(a, 'pg_lsn'), cast(b, 'pg_lsn')),
}

/** The largest or the smallest value that is not null. */
function extreme(given: readonly Value[], sign: number): Value {
  const [first = null, ...others] = given.filter((value) => value !== null)
  return others.reduce<Value>(
    (best, value) => ((compare(value, best) ?? 0) * sign > 0 ? value : best),
    first,
  )
}

/** Another hash than that of Postgres. Code that depends on its value is unknown anyway. */
function hash(text: string): bigint {
  let value = 14_695_981_039_346_656_037n
  for (const unit of text)
    value = BigInt.asUintN(64, (value ^ BigInt(unit.codePointAt(0) ?? 0)) * 1_099_511_628_211n)
  return value
}

/** The functions of advisory locks. Those with a shared lock are unknown. */
function advisory(name: string): Call | undefined {
  const [, attempt, xact] = /^pg_(try_)?advisory_(xact_)?lock$/.exec(name) ?? []
  const isUnlock = name === 'pg_advisory_unlock'
  if (!isUnlock && !/^pg_(try_)?advisory_(xact_)?lock$/.test(name)) return undefined
  return (given, { store, holder }) => {
    const key = given.map((part) => toText(cast(part, 'bigint'))).join(',')
    if (isUnlock) {
      const isMine = store.advisory.unlock(key, holder)
      if (isMine) store.wake()
      return isMine
    }
    const scope = xact === undefined ? 'session' : 'transaction'
    const isTaken = store.advisory.take(key, holder, scope, attempt === undefined ? 'wait' : 'skip')
    // A function without a result returns an empty text.
    return attempt === undefined ? '' : isTaken
  }
}

/** An aggregate of these values. Undefined: it is not an aggregate. */
export function aggregate(name: string): ((values: readonly Value[]) => Value) | undefined {
  return aggregates[name]
}

const some = (values: readonly Value[]): readonly Value[] =>
  values.filter((value) => value !== null)

const aggregates: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  count: (values) => BigInt(some(values).length),
  max: (values) => extreme(values, 1),
  min: (values) => extreme(values, -1),
  sum: (values) => {
    const given = some(values)
    if (given.length === 0) return null
    return given.reduce<Value>((total, value) => calculate('+', total, value), 0n)
  },
  bool_and: (values) =>
    some(values).length === 0 ? null : some(values).every((v) => toBoolean(v ?? false)),
  bool_or: (values) =>
    some(values).length === 0 ? null : some(values).some((v) => toBoolean(v ?? false)),
}
