import { compareLines } from '../../../exercise/unified-diff.ts'

/** One row of two texts beside each other. A side without a line is null. */
export interface PairedLine {
  readonly left: string | null
  readonly right: string | null
  readonly changed: boolean
}

/** Pairs the lines of two texts. Removed and added lines of one place share rows. */
export function sideBySide(left: string, right: string): readonly PairedLine[] {
  const rows: PairedLine[] = []
  let removed: string[] = []
  let added: string[] = []
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++)
      rows.push({ left: removed[i] ?? null, right: added[i] ?? null, changed: true })
    removed = []
    added = []
  }
  for (const { sign, text } of compareLines(linesOf(left), linesOf(right))) {
    if (sign === '-') removed.push(text)
    else if (sign === '+') added.push(text)
    else {
      flush()
      rows.push({ left: text, right: text, changed: false })
    }
  }
  flush()
  return rows
}

/** The rows that changed, with some rows around them. `null` stands for rows that are left out. */
export function withContext(
  rows: readonly PairedLine[],
  around: number,
): readonly (PairedLine | null)[] {
  const isNear = (at: number): boolean =>
    rows.slice(Math.max(0, at - around), at + around + 1).some(({ changed }) => changed)
  const shown: (PairedLine | null)[] = []
  for (const [i, row] of rows.entries())
    if (isNear(i)) shown.push(row)
    else if (shown.at(-1) !== null) shown.push(null)
  return shown
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split('\n')
}
