import type { HistoryLine } from '../matrix.ts'
import { lanesOf, weightOf } from './sequence.ts'

const laneWidth = 11
const timeWidth = 9
const marks = { known: ' ', new: '+', fault: '!', event: '*' } as const

/**
 * A sequence diagram for a terminal: time runs down, one column per participant. The mark before a
 * line: `!` the fault, `+` a message that a run without a fault does not have, `*` an event of a
 * process or of the client. `marked: false` when there is no run to compare with.
 */
export function sequenceText(
  lines: readonly HistoryLine[],
  known: ReadonlySet<string>,
  marked = true,
): string[] {
  const lanes = lanesOf(lines)
  const names = lanes.map((name) => name.padEnd(laneWidth)).join('')
  const head = `${' '.repeat(timeWidth + 2)}${names}`.trimEnd()
  return [
    head,
    ...lines.map((line) => row(line, lanes, marked ? marks[weightOf(line, known)] : ' ')),
  ]
}

function row(line: HistoryLine, lanes: readonly string[], mark: string): string {
  const time = `${line.atMs.toFixed(0)} ms`.padStart(timeWidth - 1)
  return `${time} ${mark} ${picture(line, lanes)} ${line.text}`.trimEnd()
}

function picture(line: HistoryLine, lanes: readonly string[]): string {
  const cells = Array.from({ length: lanes.length * laneWidth }, () => ' ')
  for (let i = 0; i < lanes.length; i++) cells[i * laneWidth] = '│'
  const from = lanes.indexOf(line.from) * laneWidth
  const to = lanes.indexOf(line.to) * laneWidth
  if (from === to) cells[from] = line.kind === 'exit' ? '✕' : line.kind === 'start' ? '○' : '●'
  else {
    const [low, high] = [Math.min(from, to), Math.max(from, to)]
    const stroke = line.kind === 'reply' ? '╌' : '─'
    for (let i = low + 1; i < high; i++) cells[i] = stroke
    if (line.kind === 'fault') cells[Math.floor((low + high) / 2)] = '✕'
    else cells[to > from ? high - 1 : low + 1] = to > from ? '▶' : '◀'
  }
  return cells.join('')
}
