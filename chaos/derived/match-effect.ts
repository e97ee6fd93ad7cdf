import type { EvidenceLine } from '#chaos/contracts/system/flow.ts'

import type { Effect, EffectGroup } from './effect.ts'
import { shapeOf, textOf } from './generalise.ts'
import { callTable, groupName, ownChanges } from './learn-effect.ts'
import type { Change, Row } from './snapshot.ts'

/** What a run did to the stores, compared with the learned effect. Each number counts rows. */
export interface Match {
  /** Rows of the effect that are there, also with another value. */
  readonly present: number
  readonly missing: number
  /** Rows of the effect that have another value. */
  readonly differs: number
  /** Further rows in tables that hold exactly one effect. */
  readonly double: number
  /** Further rows elsewhere. */
  readonly more: number
  readonly evidence: readonly EvidenceLine[]
}

/** Compares the changes of a run with the learned effect. */
export function matchEffect(effect: Effect, changes: readonly Change[]): Match {
  const own = ownChanges(changes, effect.background)
  const judged = effect.groups.filter(({ holds }) => holds !== 'loose')
  const matches = judged.map((group) =>
    matchGroup(
      group,
      own.filter((change) => groupName(change) === groupName(group)),
    ),
  )
  const known = new Set(effect.groups.map(groupName))
  // Of a table that is not judged, for example because its keys expire, no change counts.
  const unjudged = new Set(effect.groups.map(({ table }) => table))
  for (const { table } of judged) unjudged.delete(table)
  const unknown = own.filter(
    (change) => !known.has(groupName(change)) && !unjudged.has(change.table),
  )
  const sum = (count: (match: Match) => number): number =>
    matches.reduce((total, match) => total + count(match), 0)
  return {
    present: sum(({ present }) => present),
    missing: sum(({ missing }) => missing),
    differs: sum(({ differs }) => differs),
    double: sum(({ double }) => double),
    more: sum(({ more }) => more) + unknown.length,
    evidence: [
      ...matches.flatMap(({ evidence }) => evidence),
      ...unknown.map((change) => line('+', change, change.row)),
    ],
  }
}

/** Whether rows of the group alone show that the effect has begun: a line in a log does not. */
function isEffect({ holds, table }: EffectGroup): boolean {
  return holds === 'one' || table.startsWith(callTable)
}

function matchGroup(group: EffectGroup, changes: readonly Change[]): Match {
  const extra = changes.map(({ row }) => ({ row, shape: shapeOf(row, group.columns) }))
  const evidence: EvidenceLine[] = []
  let [same, double, more, differs, missing] = [0, 0, 0, 0, 0]
  const further = (rows: number): void => {
    if (group.holds === 'one') double += rows
    else more += rows
  }
  const open = group.parts.flatMap(({ shape, count }) => Array.from({ length: count }, () => shape))
  const rest = open.filter((shape) => {
    const at = extra.findIndex((one) => textOf(one.shape) === textOf(shape))
    if (at === -1) return true
    extra.splice(at, 1)
    same += 1
    evidence.push(line(' ', group, shape))
    return false
  })
  for (const shape of rest) {
    const at = nearest(
      shape,
      extra.map((one) => one.shape),
    )
    const [found] = at === -1 ? [] : extra.splice(at, 1)
    if (found === undefined) {
      missing += 1
      evidence.push(line('-', group, shape))
      continue
    }
    const columns = differences(shape, found.shape)
    evidence.push(
      line(
        '~',
        group,
        found.row,
        columns.map((column) => [column, shape[column] ?? null]),
      ),
    )
    if (columns.every((column) => group.attempts?.includes(column) === true)) {
      same += 1
      more += 1
    } else if (timesOf(shape, found.shape, columns) > 1) {
      same += 1
      further(timesOf(shape, found.shape, columns) - 1)
    } else differs += 1
  }
  for (const { row } of extra) evidence.push(line('+', group, row))
  further(extra.length)
  const present = isEffect(group) ? same + differs + extra.length : 0
  return { present, missing, differs, double, more, evidence }
}

/** The position of the row that differs least, or -1. */
function nearest(shape: Row, rows: readonly Row[]): number {
  const distances = rows.map((row) => differences(shape, row).length)
  return distances.length === 0 ? -1 : distances.indexOf(Math.min(...distances))
}

function differences(a: Row, b: Row): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (column) => (a[column] ?? null) !== (b[column] ?? null),
  )
}

/** A sum that changed several times as much as it should: how many times. 1: it differs in another way. */
function timesOf(shape: Row, found: Row, columns: readonly string[]): number {
  const times = columns.map((column) => {
    const [learned, actual] = [shape[column], found[column]]
    if (!column.startsWith('Δ') || typeof learned !== 'number' || typeof actual !== 'number')
      return 1
    return actual / learned
  })
  const [first = 1] = times
  return Number.isInteger(first) && times.every((one) => one === first) ? first : 1
}

function line(
  sign: EvidenceLine['sign'],
  { table, op }: Pick<Change, 'table' | 'op'>,
  row: Row,
  learned: readonly (readonly [string, unknown])[] = [],
): EvidenceLine {
  const cells = Object.entries(row).map(([column, value]) => `${column}: ${shown(value)}`)
  const instead = learned.map(([column, value]) => `${column}: ${shown(value)}`)
  const text = `${op}: ${cells.join(', ')}`
  return { sign, table, text, ...(instead.length === 0 ? {} : { learned: instead.join(', ') }) }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
