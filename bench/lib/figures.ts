import { readFile, writeFile } from 'node:fs/promises'
import { arch, cpus, platform, release } from 'node:os'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { median } from './quantile.ts'
import type { FigureRow } from './rounds.ts'

/** What benches have measured, on which machine. */
export interface Figures {
  readonly at: string
  readonly machine: string
  /** By bench. */
  readonly rows: Readonly<Record<string, readonly FigureRow[]>>
}

export function machineLine(): string {
  const cpu = cpus()
  return `${cpu.length} x ${cpu[0]?.model ?? 'unknown'}, ${platform()} ${release()} ${arch()}, node ${process.version}`
}

export async function saveFigures(file: string, rows: Figures['rows']): Promise<void> {
  const figures: Figures = { at: new Date().toISOString(), machine: machineLine(), rows }
  await writeFile(file, `${JSON.stringify(figures, null, 1)}\n`)
}

/** @throws InputError when there is no such file, or something else is in it. */
export async function loadFigures(file: string): Promise<Figures> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InputError(`--compare ${file}: ${messageOf(error)}.`, { cause: error })
  })
  const figures = parsed(text)
  if (figures?.rows === undefined || Array.isArray(figures.rows))
    throw new InputError(`--compare ${file}: these are no figures of a bench.`, {
      remedy: 'Make some: npm run bench -- --save FILE',
    })
  return figures as Figures
}

function parsed(text: string): Partial<Figures> | undefined {
  try {
    return JSON.parse(text) as Partial<Figures>
  } catch {
    return undefined
  }
}

/** Median of a target's values. */
export function medianOf(rows: readonly FigureRow[], figure: string, target: string): number {
  return median(valuesOf(rows, figure, target).map(({ value }) => value))
}

/** Median of the ratios within each round: what both had the same weather for. */
export function ratioOf(
  rows: readonly FigureRow[],
  figure: string,
  target: string,
  base: string,
): number {
  const bases = new Map(valuesOf(rows, figure, base).map(({ round, value }) => [round, value]))
  return median(
    valuesOf(rows, figure, target).flatMap(({ round, value }) => {
      const other = bases.get(round)
      return other === undefined || other === 0 ? [] : [value / other]
    }),
  )
}

function valuesOf(rows: readonly FigureRow[], figure: string, target: string): FigureRow[] {
  return rows.filter((row) => row.figure === figure && row.target === target)
}

/** A table of medians: figures down, targets across; ratios to `base` in brackets. */
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
