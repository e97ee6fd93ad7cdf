const contextLines = 3

export interface DiffLine {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** The output of `diff -u`; empty when the texts are the same. */
export function unifiedDiff(
  before: { readonly name: string; readonly text: string },
  after: { readonly name: string; readonly text: string },
): string {
  const lines = compareLines(before.text.trimEnd().split('\n'), after.text.trimEnd().split('\n'))
  const hunks = hunksOf(lines)
  if (hunks.length === 0) return ''
  return [`--- ${before.name}`, `+++ ${after.name}`, ...hunks].join('\n')
}

/** Longest common subsequence by dynamic programming: seam files have about a hundred lines. */
export function compareLines(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (lengths[i] as Uint32Array)[j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i++] ?? '' })
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1)))
      lines.push({ sign: '-', text: a[i++] ?? '' })
    else lines.push({ sign: '+', text: b[j++] ?? '' })
  }
  return lines
}

function hunksOf(lines: readonly DiffLine[]): readonly string[] {
  const changed = lines.flatMap((line, index) => (line.sign === ' ' ? [] : [index]))
  const ranges: { from: number; to: number }[] = []
  for (const index of changed) {
    const last = ranges.at(-1)
    const to = Math.min(lines.length, index + contextLines + 1)
    if (last !== undefined && index - contextLines <= last.to) last.to = to
    else ranges.push({ from: Math.max(0, index - contextLines), to })
  }
  return ranges.map(({ from, to }) => hunk(lines, from, to))
}

function hunk(lines: readonly DiffLine[], from: number, to: number): string {
  const count = (part: readonly DiffLine[], not: '-' | '+'): number =>
    part.filter((line) => line.sign !== not).length
  const before = lines.slice(0, from)
  const part = lines.slice(from, to)
  const range = (not: '-' | '+'): string => `${count(before, not) + 1},${count(part, not)}`
  const body = part.map((line) => `${line.sign}${line.text}`)
  return [`@@ -${range('+')} +${range('-')} @@`, ...body].join('\n')
}
