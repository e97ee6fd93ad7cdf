import type { Change, Row, Scalar } from './snapshot.ts'

/** Stands for the id of the run. */
const idMark = '{{id}}'

/** How much of a column's value two runs have in common: the value, its kind, or nothing. */
export type Level = 'value' | 'kind' | 'any'

export const levels: readonly Level[] = ['value', 'kind', 'any']

const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What a learner needs to recognise a run's own values. */
export interface RunNames {
  readonly id: string
  /** Names of processes: which of several equal processes did the work is chance. */
  readonly instances: ReadonlySet<string>
}

/** The change with `{{id}}` for the id of the run, and `‹instance›` for the name of a process. */
export function generalised({ table, op, row }: Change, { id, instances }: RunNames): Change {
  const cells = Object.entries(row).map(([column, value]): [string, Scalar] => {
    if (typeof value !== 'string') return [column, value]
    if (instances.has(value)) return [column, '‹instance›']
    return [column, value.replaceAll(id, idMark)]
  })
  return { table, op, row: Object.fromEntries(cells) }
}

/** The kind of a value, as a mask shows it: `‹time›`. Null has no mask: a value that was set is not one that was not. */
export function kindOf(value: Scalar): Scalar {
  if (value === null) return null
  if (typeof value === 'number') return '‹number›'
  if (typeof value === 'boolean') return '‹true or false›'
  if (value.includes(idMark)) return `${idMark}‹text›`
  if (time.test(value)) return '‹time›'
  return uuid.test(value) ? '‹uuid›' : '‹text›'
}

/** The part of the row that these levels keep. Columns without a level keep their value. */
export function shapeOf(row: Row, columns: Readonly<Record<string, Level>>): Row {
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]): [string, Scalar][] => {
      const level = columns[column] ?? 'value'
      if (level === 'any') return []
      return [[column, level === 'kind' ? kindOf(value) : value]]
    }),
  )
}

/** Equal rows have the same text. */
export function textOf(row: Row): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** How often each text occurs. */
export function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

export function sameCounts(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
): boolean {
  return a.size === b.size && [...a].every(([text, count]) => b.get(text) === count)
}
