import type {
  FlowComparison,
  FlowGap,
  FlowLane,
  FlowMessage,
  FlowRecord,
} from '#chaos/contracts/flow-record.ts'
import { formatRunTime } from '#chaos/contracts/run-clock.ts'

const laneWidth = 11
const timeWidth = 11

interface Line {
  readonly atMs: number
  readonly mark: string
  readonly picture: string
  readonly text: string
}

type Drawing = Pick<FlowRecord, 'lanes'>

/**
 * A flow as text: one line for each event, in time order, with a column for each process. Each line also says in words what
 * the columns show, so that it can be read aloud.
 */
export function flowText(view: FlowRecord | FlowComparison): readonly string[] {
  const { flow, faultFree, missing = [] } = 'flow' in view ? view : { flow: view }
  const lines = [
    ...flow.attempts.flatMap((attempt) => [
      at(
        flow,
        attempt.startMs,
        '*',
        'client',
        `client sends ${attempt.operation} to ${attempt.instance}`,
      ),
      at(
        flow,
        attempt.endMs,
        '*',
        'client',
        `client: ${attempt.operation} ends with ${attempt.result}`,
      ),
    ]),
    ...flow.messages.map((message) => lineOf(flow, message, faultFree !== undefined)),
    ...flow.faults.flatMap(({ on, label, fromMs, toMs }) => [
      at(flow, fromMs, '!', laneOf(flow, on), label),
      ...(toMs > fromMs && toMs <= flow.toMs
        ? [at(flow, toMs, '!', laneOf(flow, on), `${label} ends`)]
        : []),
    ]),
    ...flow.gaps.map((gap) => at(flow, gap.fromMs, '!', gap.lane, wordsOf(gap))),
    ...flow.holdings.map(({ source, atMs, text, isWrong }) =>
      at(flow, atMs, isWrong === true ? '✕' : '=', source, `${source} holds: ${text}`),
    ),
  ]
  return [
    `${flow.title}, from ${formatRunTime(flow.fromMs)} to ${formatRunTime(flow.toMs)}`,
    ...(flow.isComplete
      ? []
      : [`Not complete: ${flow.incompleteBecause ?? 'messages are missing'}.`]),
    '',
    `${' '.repeat(timeWidth + 3)}${flow.lanes.map(({ name }) => name.padEnd(laneWidth)).join('')}`.trimEnd(),
    ...lines.toSorted((a, b) => a.atMs - b.atMs).map((line) => print(line)),
    ...missingText(missing, faultFree),
    '',
    legend(faultFree !== undefined),
  ]
}

function print({ atMs, mark, picture, text }: Line): string {
  return `${formatRunTime(atMs).padStart(timeWidth)} ${mark} ${picture} ${text}`.trimEnd()
}

function lineOf(flow: FlowRecord, message: FlowMessage, isCompared: boolean): Line {
  const { from, to, sentMs, arrivedMs, text, fault, part } = message
  const mark = fault === undefined ? (isCompared && message.differs === 'new' ? '+' : ' ') : '!'
  const what = nameOf({ part, text })
  const picture = arrow(flow, message)
  const words = `${from} → ${to}: ${what}`
  if (arrivedMs === undefined)
    return { atMs: sentMs, mark, picture, text: `${words}; it never arrives${because(fault)}` }
  const tookMs = arrivedMs - sentMs
  const late = tookMs >= 1 ? `; it arrives at ${formatRunTime(arrivedMs)}` : ''
  return { atMs: sentMs, mark, picture, text: `${words}${late}${because(fault)}` }
}

/** A reply that never arrived may have no status. */
function nameOf({ part, text }: Pick<FlowMessage, 'part' | 'text'>): string {
  return part === 'request' ? text : `reply ${text}`.trim()
}

function because(fault: string | undefined): string {
  return fault === undefined ? '' : ` (${fault})`
}

function wordsOf({ lane, what, toMs, isPlanned }: FlowGap): string {
  const state = what === 'down' ? 'does not run' : what === 'paused' ? 'is paused' : 'starts'
  return `${lane} ${state} until ${formatRunTime(toMs)}${isPlanned ? ' (planned)' : ''}`
}

/** A line whose picture is one dot. */
function at(flow: Drawing, atMs: number, mark: string, lane: string, text: string): Line {
  const cells = emptyCells(flow.lanes)
  const index = flow.lanes.findIndex(({ name }) => name === lane)
  if (index !== -1) cells[index * laneWidth] = mark === '!' || mark === '✕' ? '✕' : '●'
  return { atMs, mark, picture: cells.join(''), text }
}

function arrow(flow: Drawing, { from, to, part, arrivedMs }: FlowMessage): string {
  const cells = emptyCells(flow.lanes)
  const index = (lane: string): number => flow.lanes.findIndex(({ name }) => name === lane)
  const start = index(from) * laneWidth
  const end = index(to) * laneWidth
  if (start < 0 || end < 0 || start === end) return cells.join('')
  const toTheRight = end > start
  // The arrow of a lost message ends between the two.
  const last = arrivedMs === undefined ? Math.round((start + end) / 2) : end
  const stroke = part === 'reply' ? '╌' : '─'
  for (let i = Math.min(start, last) + 1; i < Math.max(start, last); i++) cells[i] = stroke
  if (arrivedMs === undefined) cells[last] = '✕'
  else cells[toTheRight ? end - 1 : end + 1] = toTheRight ? '▶' : '◀'
  return cells.join('')
}

function emptyCells(lanes: readonly FlowLane[]): string[] {
  const cells = Array.from({ length: lanes.length * laneWidth }, () => ' ')
  for (let i = 0; i < lanes.length; i++) cells[i * laneWidth] = '│'
  return cells
}

/** Where a fault on a link is drawn: at its callee. */
function laneOf(flow: Drawing, target: string): string {
  const names = new Set(flow.lanes.map(({ name }) => name))
  return target.split(':').findLast((part) => names.has(part)) ?? target
}

function missingText(
  missing: readonly FlowMessage[],
  faultFree: FlowRecord | undefined,
): readonly string[] {
  if (faultFree === undefined) return ['', 'There is no fault-free flow to compare with.']
  if (missing.length === 0)
    return ['', `It has every message of ${faultFree.title}, which no fault hit.`]
  return [
    '',
    `Messages that only ${faultFree.title} has, which no fault hit:`,
    ...missing.map(({ from, to, part, text }) => `  - ${from} → ${to}: ${nameOf({ part, text })}`),
  ]
}

function legend(isCompared: boolean): string {
  const marks = ['* client', '! fault', '= holds', '✕ wrong']
  return `Marks: ${(isCompared ? [...marks, '+ not in the fault-free flow'] : marks).join(', ')}.`
}
