import type { System } from '#chaos/contracts/system.ts'

import { lookOf } from '../judging/cell-results.ts'
import type { Cell, HistoryLine, FlowStep } from '../matrix.ts'
import { columnNamed } from '../planning/columns.ts'

/** A user's own system has a name of its own and clients; the shop has customers. */
type ToldSystem = Pick<System, 'name' | 'xray' | 'adopted'>

/** The story of a cell: the fault, what the client received, what the system did next, and the result. */
export function storyOf(
  cell: Pick<
    Cell,
    | 'result'
    | 'column'
    | 'history'
    | 'newSteps'
    | 'global'
    | 'violations'
    | 'client'
    | 'settledAfterMs'
  >,
  step: Pick<FlowStep, 'signature' | 'link' | 'nth'>,
  system: ToldSystem,
): string {
  const column = columnNamed(cell.column)
  const which = step.nth > 1 ? ` (number ${step.nth})` : ''
  const fault = `At ${step.signature}${which} on ${step.link}, ${column?.words ?? cell.column}.`
  const counted = system.xray?.words?.counted
  return [fault, clientWords(cell.client, system), nextWords(cell, counted), endWords(cell, system)]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function clientWords(client: Cell['client'], { adopted }: ToldSystem): string {
  const who = adopted === true ? 'The client' : 'The customer'
  if (client === 'ok') return `${who} receives a success response.`
  if (client === 'fail') return `${who} receives a refusal.`
  return `${who} receives no final response.`
}

/** A repeated exchange says most; without one, the first exchange that a run without a fault does not have. */
function nextWords(cell: Pick<Cell, 'newSteps' | 'history'>, counted: string | undefined): string {
  const history = cell.history ?? []
  const requests = history.filter(({ kind }) => kind === 'request')
  const added = requests.filter(({ key }) => key !== undefined && cell.newSteps?.includes(key))
  const again = added.find(({ key }) => key?.endsWith('|1') === false)
  const first = again ?? added[0]
  if (first === undefined) return ''
  const how = again === undefined ? '' : ' again'
  return `${capital(first.from)} sends ${first.text}${how}${numberOf(counted, requests)}.`
}

/** Some repeated requests matter more than any other. */
function numberOf(counted: string | undefined, requests: readonly HistoryLine[]): string {
  if (counted === undefined) return ''
  const same = requests.filter(({ text }) => text.startsWith(counted))
  return same.length > 1 ? ` (${same.length} ${counted} requests in all)` : ''
}

function endWords(
  cell: Pick<Cell, 'result' | 'global' | 'violations' | 'settledAfterMs'>,
  { name, xray, adopted }: ToldSystem,
): string {
  const title = adopted === true ? name : `The ${name}`
  const end =
    cell.settledAfterMs === null || cell.settledAfterMs === undefined
      ? `${title} does not settle`
      : `${title} settles ${cell.settledAfterMs} ms after the fault`
  const [worst] = cell.violations ?? []
  const broken =
    worst === undefined
      ? ''
      : ` Result ${cell.result}: ${lookOf(cell.result, xray?.words?.meanings).meaning} (${worst.invariant}: expected ${worst.expected}, got ${worst.actual}).`
  return `${end}: ${cell.global ?? ''}.${broken}`
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
