import { median } from '#chaos/lib/percentile.ts'

import type { FigureRow } from './rounds.ts'

/** A table of medians: one row for each figure, one column for each target, ratios to `base` in brackets. */
export function medianTable(
  rows: readonly FigureRow[],
  base: string,
  earlier?: readonly FigureRow[],
): string {
  const targets = [...new Set(rows.map(({ target }) => target))].toSorted(
    (a, b) => rank(a, base) - rank(b, base),
  )
  const figures = [...new Set(rows.map(({ figure }) => figure))]
  const lines = [
    ['', ...targets],
    ...figures.map((figure) => [
      figure,
      ...targets.map((target) => cell(rows, figure, target, base, earlier)),
    ]),
  ]
  const widths = lines[0]?.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The median of a target's values; NaN if there are none. */
export function medianOf(rows: readonly FigureRow[], figure: string, target: string): number {
  return median(valuesOf(rows, figure, target).map(({ value }) => value))
}

/** The median of the differences within each round. */
export function differenceOf(
  rows: readonly FigureRow[],
  figure: string,
  target: string,
  base: string,
): number {
  return median(pairsOf(rows, figure, target, base).map(([value, other]) => value - other))
}

/** The median of the ratios within each round: both values of a ratio were measured under the same conditions. */
export function ratioOf(
  rows: readonly FigureRow[],
  figure: string,
  target: string,
  base: string,
): number {
  return median(
    pairsOf(rows, figure, target, base).flatMap(([value, other]) =>
      other === 0 ? [] : [value / other],
    ),
  )
}

/** The values of both targets in each round that has both. */
function pairsOf(
  rows: readonly FigureRow[],
  figure: string,
  target: string,
  base: string,
): readonly (readonly [number, number])[] {
  const bases = new Map(valuesOf(rows, figure, base).map(({ round, value }) => [round, value]))
  return valuesOf(rows, figure, target).flatMap(({ round, value }) => {
    const other = bases.get(round)
    return other === undefined ? [] : [[value, other] as const]
  })
}

function valuesOf(rows: readonly FigureRow[], figure: string, target: string): FigureRow[] {
  return rows.filter((row) => row.figure === figure && row.target === target)
}

function cell(
  rows: readonly FigureRow[],
  figure: string,
  target: string,
  base: string,
  earlier: readonly FigureRow[] | undefined,
): string {
  const value = medianOf(rows, figure, target)
  if (Number.isNaN(value)) return '-'
  const ratio = target === base ? NaN : ratioOf(rows, figure, target, base)
  const before = earlier === undefined ? NaN : medianOf(earlier, figure, target)
  return [
    short(value),
    ...(Number.isNaN(ratio) ? [] : [`(${ratio.toFixed(2)})`]),
    ...(Number.isNaN(before) ? [] : [`was ${short(before)}`]),
  ].join(' ')
}

function rank(target: string, base: string): number {
  return target === base ? 0 : 1
}

function short(value: number): string {
  if (Math.abs(value) >= 1_000)
    return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ')
  return Number(value.toPrecision(3)).toString()
}
