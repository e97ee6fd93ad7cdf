import { resultLooks } from '../judging/cell-results.ts'
import type { Cell, CourseLine, Step } from '../matrix.ts'
import { columnNamed } from '../planning/columns.ts'

/** What happened in a cell, in three sentences: what was done, what the shop did then, what came of it. */
export function storyOf(
  cell: Pick<
    Cell,
    | 'verdict'
    | 'column'
    | 'course'
    | 'newSteps'
    | 'global'
    | 'violations'
    | 'client'
    | 'quietAfterMs'
  >,
  step: Pick<Step, 'signature' | 'link' | 'nth'>,
): string {
  const column = columnNamed(cell.column)
  const which = step.nth > 1 ? ` (number ${step.nth})` : ''
  const fault = `At ${step.signature}${which} on ${step.link}, ${column?.words ?? cell.column}.`
  return [fault, clientWords(cell.client), nextWords(cell), endWords(cell)]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function clientWords(client: Cell['client']): string {
  if (client === 'ok') return 'The customer was told yes.'
  if (client === 'fail') return 'The customer was told no.'
  return 'The customer does not know.'
}

/** What is done once more says most; else the first thing that an untouched run does not have. */
function nextWords(cell: Pick<Cell, 'newSteps' | 'course'>): string {
  const course = cell.course ?? []
  const asked = course.filter(({ kind }) => kind === 'request')
  const fresh = asked.filter(({ key }) => key !== undefined && cell.newSteps?.includes(key))
  const again = fresh.find(({ key }) => key?.endsWith('|1') === false)
  const first = again ?? fresh[0]
  if (first === undefined) return ''
  const how = again === undefined ? '' : ' once more'
  return `${capital(first.from)} then sent ${first.text}${how}${repeated(asked)}.`
}

/** A charge that was asked for again matters more than anything else. */
function repeated(course: readonly CourseLine[]): string {
  const posts = course.filter(({ text }) => text.startsWith('POST /charges'))
  return posts.length > 1 ? `, and POST /charges ${posts.length} times in all` : ''
}

function endWords(cell: Pick<Cell, 'verdict' | 'global' | 'violations' | 'quietAfterMs'>): string {
  const rest =
    cell.quietAfterMs === null || cell.quietAfterMs === undefined
      ? 'It never came to rest'
      : `After ${cell.quietAfterMs} ms all was at rest`
  const [worst] = cell.violations ?? []
  const broken =
    worst === undefined
      ? ''
      : ` That is ${resultLooks[cell.verdict].meaning}: ${worst.invariant}, expected ${worst.expected}, got ${worst.actual}.`
  return `${rest}: ${cell.global ?? ''}.${broken}`
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
