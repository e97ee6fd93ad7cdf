import type { Cell, Matrix, Step } from '../matrix.ts'
import { columns } from '../planning/columns.ts'
import { labelOf } from '../showing/matrix-text.ts'
import { isBad, rankOf, resultLooks } from './cell-results.ts'

/** A cell that is in both matrices, or in one of them. */
export interface CellChange {
  /** By what the step is, not by its number: the two versions may have different steps. */
  readonly key: string
  /** Heading. */
  readonly column: string
  readonly what: 'fixed' | 'worse' | 'new' | 'better' | 'changed' | 'gone' | 'added'
  readonly before?: Cell['verdict']
  readonly after?: Cell['verdict']
}

export interface MatrixDiff {
  readonly a: string
  readonly b: string
  readonly changes: readonly CellChange[]
  readonly unchanged: number
}

/** What of a matrix can be compared. */
export type Comparable = Pick<Matrix, 'variant' | 'steps' | 'cells'>

/** What changed from one matrix to the other: the happy-path version and your fix. */
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

/** The difference in lines: what got worse first. Steps that only one version has are counted, unless they are bad. */
export function diffText({ a, b, changes, unchanged }: MatrixDiff): string[] {
  const order: readonly CellChange['what'][] = [
    'new',
    'worse',
    'added',
    'gone',
    'fixed',
    'better',
    'changed',
  ]
  const lines = order.flatMap((what) => {
    const group = changes.filter((change) => change.what === what)
    const told = what === 'added' || what === 'gone' ? group.filter(worthTelling) : group
    const rest = group.length - told.length
    return [
      ...told.map(
        (change) => `${what.padEnd(8)}${change.key} / ${change.column}: ${words(change)}`,
      ),
      ...(rest > 0 ? [`${what.padEnd(8)}${rest} cells of steps that only one of the two has`] : []),
    ]
  })
  const fixed = changes.filter(({ what }) => what === 'fixed').length
  const broken = changes.filter(({ what }) => what === 'new').length
  return [`${a} -> ${b}: ${fixed} fixed, ${broken} newly broken, ${unchanged} unchanged`, ...lines]
}

function keyed({ steps, cells }: Comparable): ReadonlyMap<string, Cell['verdict']> {
  const stepOf = new Map(steps.map((step) => [step.id, step]))
  const byId = new Map(cells.map((cell) => [cell.id, cell]))
  return new Map(
    cells.flatMap((cell) => {
      const step = stepOf.get(cell.step)
      const column = columns.find(({ id }) => id === cell.column)
      if (step === undefined || column === undefined || cell.verdict === 'n/a') return []
      const verdict =
        cell.verdict === 'pruned'
          ? (byId.get(cell.sameAs ?? '')?.verdict ?? cell.verdict)
          : cell.verdict
      return [[`${keyOf(step)}\n${column.heading}`, verdict] as const]
    }),
  )
}

/** What a step is, without its number: the same in every matrix that has it. */
export function keyOf(step: Step): string {
  return labelOf(step).slice(step.id.length + 1)
}

function changeOf(
  before: Cell['verdict'] | undefined,
  after: Cell['verdict'] | undefined,
): CellChange['what'] | undefined {
  if (before === after) return undefined
  if (before === undefined) return 'added'
  if (after === undefined) return 'gone'
  if (isBad(before) && !isBad(after)) return 'fixed'
  if (!isBad(before) && isBad(after)) return 'new'
  if (!isBad(before)) return 'changed'
  return rankOf(after) < rankOf(before) ? 'worse' : 'better'
}

function worthTelling({ before, after }: CellChange): boolean {
  return (before !== undefined && isBad(before)) || (after !== undefined && isBad(after))
}

function words({ before, after }: CellChange): string {
  const word = (verdict: Cell['verdict'] | undefined): string =>
    verdict === undefined ? 'no such step' : resultLooks[verdict].word
  return `${word(before)} -> ${word(after)}`
}
