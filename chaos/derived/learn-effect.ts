import type { Disturbance } from '#chaos/contracts/system/flow.ts'

import { isAttemptColumn } from './attempt-column.ts'
import type { Corrections, Effect, EffectGroup } from './effect.ts'
import { countsOf, type Level, levels, sameCounts, shapeOf, kindOf, textOf } from './generalise.ts'
import type { Change, Row } from './snapshot.ts'

/** What the learner has seen. Every change is generalised. */
export interface Lesson {
  /** Runs without a fault: at least two. */
  readonly plain: readonly (readonly Change[])[]
  /** What changed while no run was in progress. */
  readonly idle: readonly Change[]
  /** Runs with a harmless disturbance. */
  readonly disturbed: readonly DisturbedChanges[]
  /** Tables whose rows end by themselves. */
  readonly expiring: ReadonlySet<string>
  readonly unread: Readonly<Record<string, string>>
  readonly corrections: Corrections
}

export interface DisturbedChanges {
  readonly by: Disturbance
  readonly changes: readonly Change[]
  /** Statuses of the refusals. Absent: there was none. */
  readonly refusals?: readonly number[]
}

const whenDisturbed: Readonly<Record<Disturbance, string>> = {
  'same-id-twice': 'when the same id is sent twice',
  'slow-replies': 'when replies are slow',
  'idle-restart': 'when an idle process restarts',
}

/** Calls to other services are a table with this name in front. */
export const callTable = 'call '

const log =
  /(^|[._ ])(audit|audits|logs?|history|events?|attempts?|requests?|activit(y|ies)|traces?|tries)$/i

/** Learns what one run does, from runs without a fault. What differs between them is masked. */
export function learnEffect(lesson: Lesson): Effect {
  const { plain, idle, corrections, unread } = lesson
  const ignored = new Set(corrections.ignore)
  const background = [...new Set(idle.map(({ table }) => table))]
  const own = plain.map((changes) => ownChanges(changes, background))
  const names = new Set(own.flat().map((change) => groupName(change)))
  // A run with a second effect teaches nothing about what is legal.
  const harmless = lesson.disturbed.filter(({ changes }) =>
    hasOneEffect(own[0] ?? [], changes, background),
  )
  const idempotent = lesson.disturbed.every(
    (run) => run.by !== 'same-id-twice' || harmless.includes(run),
  )
  const groups = [...names].toSorted().flatMap((name) => {
    const rows = own.map((run) => rowsOf(run, name))
    const [first] = own.flat().filter((change) => groupName(change) === name)
    if (first === undefined || ignored.has(first.table)) return []
    return [learnGroup(first, rows, { ...lesson, background, disturbed: harmless })]
  })
  const repeated = harmless.find(({ by }) => by === 'same-id-twice')
  const repeatStatuses = repeated?.refusals ?? []
  const refused = repeatStatuses.length === 0 ? {} : { repeatStatuses }
  return { groups, background, unread, idempotent, ...refused }
}

/** The changes that belong to a run: in a table with background changes, only rows with its id. */
export function ownChanges(
  changes: readonly Change[],
  background: readonly string[],
): readonly Change[] {
  const noisy = new Set(background)
  return changes.filter(
    ({ table, row }) => !noisy.has(table) || JSON.stringify(row).includes('{{id}}'),
  )
}

export function groupName({ table, op }: Pick<Change, 'table' | 'op'>): string {
  return `${table} ${op}`
}

function rowsOf(changes: readonly Change[], name: string): readonly Row[] {
  return changes.filter((change) => groupName(change) === name).map(({ row }) => row)
}

/** At least one table with rows of the run has no more of them after the disturbance. */
function hasOneEffect(
  once: readonly Change[],
  disturbed: readonly Change[],
  background: readonly string[],
): boolean {
  const counts = countsOf(once.map(groupName))
  const again = countsOf(ownChanges(disturbed, background).map(groupName))
  const stored = [...counts].filter(
    ([name]) => !name.startsWith(callTable) && !isLog(name.replace(/ \w+$/, '')),
  )
  return (
    stored.length === 0 ||
    stored.some(
      ([name, count]) => (again.get(name) ?? 0) <= count && !grewBy(name, once, disturbed),
    )
  )
}

/** A sum, such as a stock, that changed by another amount. */
function grewBy(name: string, once: readonly Change[], disturbed: readonly Change[]): boolean {
  const sums = (changes: readonly Change[]): string =>
    JSON.stringify(
      rowsOf(changes, name).map((row) =>
        Object.entries(row).filter(([column]) => column.startsWith('Δ')),
      ),
    )
  return sums(once) !== '[]' && sums(once) !== sums(disturbed)
}

/** `chargeRequests` is `charge_requests`. */
function isLog(table: string): boolean {
  return log.test(table.replaceAll(/([a-z])([A-Z])/g, '$1_$2'))
}

interface GroupLesson extends Lesson {
  readonly background: readonly string[]
}

function learnGroup(
  { table, op }: Change,
  runs: readonly (readonly Row[])[],
  lesson: GroupLesson,
): EffectGroup {
  const columns = learnColumns(table, runs, lesson.corrections)
  const [first = [], ...others] = runs.map((rows) =>
    countsOf(rows.map((row) => textOf(shapeOf(row, columns)))),
  )
  const counts = first as ReadonlyMap<string, number>
  const steady = others.every((other) => sameCounts(counts, other))
  const parts = [...counts].map(([text, count]) => ({
    shape: Object.fromEntries(JSON.parse(text) as [string, Row[string]][]),
    count,
  }))
  const keep = lesson.corrections.keep ?? []
  const attempts = Object.keys(columns).filter(
    (column) => isAttemptColumn(column) && !keep.includes(fullName(table, column)),
  )
  return { table, op, columns, attempts, parts, ...holding(table, op, { steady, runs, lesson }) }
}

function holding(
  table: string,
  op: Change['op'],
  {
    steady,
    runs,
    lesson,
  }: { steady: boolean; runs: readonly (readonly Row[])[]; lesson: GroupLesson },
): Pick<EffectGroup, 'holds' | 'because'> {
  const { corrections, expiring } = lesson
  const most = Math.max(...runs.map(({ length }) => length))
  const grown = lesson.disturbed.find(
    ({ changes }) =>
      rowsOf(ownChanges(changes, lesson.background), groupName({ table, op })).length > most,
  )
  if (corrections.exactlyOne?.includes(table)) return { holds: 'one', because: 'you say so' }
  if (corrections.mayRepeat?.includes(table)) return { holds: 'many', because: 'you say so' }
  if (expiring.has(table)) return { holds: 'loose', because: 'its keys expire' }
  if (!steady) return { holds: 'loose', because: 'runs without a fault differ' }
  if (grown !== undefined)
    return { holds: 'many', because: `it has more rows ${whenDisturbed[grown.by]}` }
  if (table.startsWith(callTable))
    return { holds: 'many', because: 'a call may be repeated: its callee decides what is new' }
  if (isLog(table)) return { holds: 'many', because: 'its name is that of a log' }
  return { holds: 'one', because: 'every run without a fault has the same rows' }
}

/** For each column the most that all runs have in common. */
function learnColumns(
  table: string,
  runs: readonly (readonly Row[])[],
  { mask = [], keep = [] }: Corrections,
): Readonly<Record<string, Level>> {
  const names = new Set(runs.flat().flatMap((row) => Object.keys(row)))
  const columns: Record<string, Level> = {}
  for (const column of names) {
    const full = fullName(table, column)
    columns[column] = keep.includes(full)
      ? 'value'
      : mask.includes(full)
        ? 'any'
        : (levels.find((level) => isCommon(runs, column, level)) ?? 'any')
  }
  return withoutConflicts(runs, columns)
}

/** How users name a column: `orders.note`. */
export function fullName(table: string, column: string): string {
  return `${table}.${column.replace(/^Δ/, '')}`
}

function isCommon(runs: readonly (readonly Row[])[], column: string, level: Level): boolean {
  const [first, ...others] = runs.map((rows) =>
    countsOf(
      rows.map((row) =>
        JSON.stringify(level === 'kind' ? kindOf(row[column] ?? null) : (row[column] ?? null)),
      ),
    ),
  )
  return (
    level === 'any' || (first !== undefined && others.every((other) => sameCounts(first, other)))
  )
}

/** Each column alone is equal in all runs, but not their combination: masks the column that resolves it. */
function withoutConflicts(
  runs: readonly (readonly Row[])[],
  columns: Readonly<Record<string, Level>>,
): Readonly<Record<string, Level>> {
  const agree = (tried: Readonly<Record<string, Level>>): boolean => {
    const [first, ...others] = runs.map((rows) =>
      countsOf(rows.map((row) => textOf(shapeOf(row, tried)))),
    )
    return first !== undefined && others.every((other) => sameCounts(first, other))
  }
  const sizes = new Set(runs.map(({ length }) => length))
  if (agree(columns) || sizes.size > 1) return columns
  for (const column of Object.keys(columns)) {
    const tried = { ...columns, [column]: 'any' as const }
    if (agree(tried)) return tried
  }
  return Object.fromEntries(Object.keys(columns).map((column) => [column, 'any' as const]))
}
