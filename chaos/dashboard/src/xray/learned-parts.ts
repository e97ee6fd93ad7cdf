/** What the X-ray has learned about one table. */
export interface LearnedTable {
  readonly table: string
  /** `appears`, `changes` or `disappears`. */
  readonly op: string
  /** `exactly one row`, `may repeat` or `not judged`. */
  readonly holds: string
  readonly because: string
  /** The rows of one run, with masks. */
  readonly rows: readonly string[]
}

export interface LearnedParts {
  readonly tables: readonly LearnedTable[]
  /** Background, tables that were not read, retries. */
  readonly notes: readonly string[]
}

const head = /^(.+?) (appears|changes|disappears): (.+?) \((.+)\)$/

/** The lines of a learned effect as tables. A line that is not understood is a note: nothing is left out. */
export function learnedParts(lines: readonly string[]): LearnedParts {
  const tables: (LearnedTable & { readonly rows: string[] })[] = []
  const notes: string[] = []
  for (const line of lines) {
    const found = head.exec(line)
    const last = tables.at(-1)
    if (line.startsWith('  ') && last !== undefined && notes.length === 0)
      last.rows.push(line.trim())
    else if (found === null) notes.push(line)
    else {
      const [, table = '', op = '', holds = '', because = ''] = found
      tables.push({ table, op, holds, because, rows: [] })
    }
  }
  return { tables, notes }
}
