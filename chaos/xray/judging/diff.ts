import type { Cell, Matrix, FlowStep } from '../matrix.ts'
import { columns } from '../planning/columns.ts'
import { stepLabel } from '../showing/matrix-text.ts'
import { isBad, rankOf, resultLooks } from './cell-results.ts'

/** One cell in both matrices, or in one of them. */
export interface CellChange {
  /**
   * What identifies the step, without its number: two versions of the code may have different
   * steps.
   */
  readonly key: string
  /** Heading of the column. */
  readonly column: string
  readonly what: 'fixed' | 'worse' | 'new' | 'better' | 'changed' | 'gone' | 'added'
  readonly before?: Cell['result']
  readonly after?: Cell['result']
}

export interface MatrixDiff {
  readonly a: string
  readonly b: string
  readonly changes: readonly CellChange[]
  readonly unchanged: number
}

/** The parts of a matrix that are compared. */
export type Comparable = Pick<Matrix, 'variant' | 'steps' | 'cells'>

/** Compares two matrices cell by cell, for example of the happy-path version and of your fix. */
export function diffMatrices(a: Comparable, b: Comparable): MatrixDiff {
  const [before, after] = [keyed(a), keyed(b)]
  const changes: CellChange[] = []
  let unchanged = 0
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [key = '', column = ''] = name.split('\n')
    const [one, other] = [before.get(name), after.get(name)]
    const what = changeOf(one, other)
    if (what === undefined) unchanged += 1
    else
      changes.push({
        key,
        column,
        what,
        ...(one === undefined ? {} : { before: one }),
        ...(other === undefined ? {} : { after: other }),
      })
  }
  return { a: a.variant, b: b.variant, changes, unchanged }
}

/**
 * The difference as lines, the worst change first. Cells of steps that only one version has are
 * counted; only bad ones are listed.
 */
export function diffText({ a, b, changes, unchanged }: MatrixDiff): string[] {
  const worstFirst: readonly CellChange['what'][] = [
    'new',
    'worse',
    'added',
    'gone',
    'fixed',
    'better',
    'changed',
  ]
  const lines = worstFirst.flatMap((what) => {
    const group = changes.filter((change) => change.what === what)
    const listed = what === 'added' || what === 'gone' ? group.filter(involvesBad) : group
    const rest = group.length - listed.length
    return [
      ...listed.map(
        (change) => `${what.padEnd(8)}${change.key} / ${change.column}: ${words(change)}`,
      ),
      ...(rest > 0 ? [`${what.padEnd(8)}${rest} cells of steps that only one version has`] : []),
    ]
  })
  const fixed = changes.filter(({ what }) => what === 'fixed').length
  const broken = changes.filter(({ what }) => what === 'new').length
  return [`${a} -> ${b}: ${fixed} fixed, ${broken} newly broken, ${unchanged} unchanged`, ...lines]
}

function keyed({ steps, cells }: Comparable): ReadonlyMap<string, Cell['result']> {
  const stepOf = new Map(steps.map((step) => [step.id, step]))
  const byId = new Map(cells.map((cell) => [cell.id, cell]))
  return new Map(
    cells.flatMap((cell) => {
      const step = stepOf.get(cell.step)
      const column = columns.find(({ id }) => id === cell.column)
      if (step === undefined || column === undefined || cell.result === 'n/a') return []
      const result =
        cell.result === 'pruned'
          ? (byId.get(cell.sameAs ?? '')?.result ?? cell.result)
          : cell.result
      return [[`${stepKey(step)}\n${column.heading}`, result] as const]
    }),
  )
}

/** What identifies a step, without its number: the same in every matrix that has the step. */
export function stepKey(step: FlowStep): string {
  return stepLabel(step).slice(step.id.length + 1)
}

function changeOf(
  before: Cell['result'] | undefined,
  after: Cell['result'] | undefined,
): CellChange['what'] | undefined {
  if (before === after) return undefined
  if (before === undefined) return 'added'
  if (after === undefined) return 'gone'
  if (isBad(before) && !isBad(after)) return 'fixed'
  if (!isBad(before) && isBad(after)) return 'new'
  if (!isBad(before)) return 'changed'
  return rankOf(after) < rankOf(before) ? 'worse' : 'better'
}

function involvesBad({ before, after }: CellChange): boolean {
  return (before !== undefined && isBad(before)) || (after !== undefined && isBad(after))
}

function words({ before, after }: CellChange): string {
  const word = (result: Cell['result'] | undefined): string =>
    result === undefined ? 'no such step' : resultLooks[result].word
  return `${word(before)} -> ${word(after)}`
}
