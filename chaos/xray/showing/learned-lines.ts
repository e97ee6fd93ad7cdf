import type { Learned } from '#chaos/contracts/system/flow.ts'

/** The learned effect in words: a line for each table, and for each note. With rows: those of each table follow it. */
export function learnedLines(
  { tables, notes }: Pick<Learned, 'tables' | 'notes'>,
  withRows = false,
): readonly string[] {
  const ofTables = tables.flatMap(({ table, op, holds, because, rows }) => [
    `${table} ${op}: ${holds} (${because})`,
    ...(withRows ? rows.map((row) => `  ${row}`) : []),
  ])
  return [...ofTables, ...notes]
}
