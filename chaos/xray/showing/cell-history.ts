import type {
  FlowAttempt,
  FlowComparison,
  FlowFault,
  FlowGap,
  FlowMessage,
  FlowRecord,
} from '#chaos/contracts/flow-record.ts'

import type { HistoryLine } from '../matrix.ts'

/** A cell's history beside the run without a fault, as the space-time diagram draws them. */
export interface CellHistory {
  readonly id: string
  readonly history: readonly HistoryLine[]
  readonly withoutFault: readonly HistoryLine[]
  /** The fault stopped its message. False: the message arrived late. */
  readonly isStopped: boolean
}

/**
 * A history has one time for each message: when it passed its link. So an arrow is drawn at that time, and the diagram says
 * nothing about the time on the way.
 */
export function comparisonOfCell({
  id,
  history,
  withoutFault,
  isStopped,
}: CellHistory): FlowComparison {
  const known = new Set(withoutFault.flatMap(({ key }) => key ?? []))
  const own = new Set(history.flatMap(({ key }) => key ?? []))
  const flow = flowOfHistory(history, { id, title: `History of ${id}`, isStopped, known })
  const faultFree = flowOfHistory(withoutFault, {
    id: `${id} without the fault`,
    title: 'a run of the flow',
    isStopped,
  })
  const lost = new Set(
    withoutFault.flatMap(({ key, exchange }) =>
      key !== undefined && !own.has(key) ? [exchange] : [],
    ),
  )
  return {
    flow,
    faultFree,
    missing: faultFree.messages.filter(({ exchange }) => lost.has(exchange)),
  }
}

interface FlowOfHistoryOptions {
  readonly id: string
  readonly title: string
  readonly isStopped: boolean
  /** Keys of the run without a fault. Absent: there is nothing to compare with. */
  readonly known?: ReadonlySet<string>
}

/** One history as a flow. */
export function flowOfHistory(
  lines: readonly HistoryLine[],
  { id, title, isStopped, known }: FlowOfHistoryOptions,
): FlowRecord {
  const times = lines.map(({ atMs }) => atMs)
  const toMs = Math.max(0, ...times)
  return {
    id,
    title,
    fromMs: Math.min(0, ...times),
    toMs,
    lanes: lanesOf(lines).map((name) => ({
      name,
      kind: name === 'client' ? 'client' : isStore(name) ? 'store' : 'instance',
    })),
    messages: lines.flatMap((line, i) => messageOf(line, i, { lines, isStopped, known })),
    attempts: attemptsOf(lines),
    faults: lines.flatMap((line): readonly FlowFault[] =>
      line.kind === 'fault'
        ? [{ label: line.text, on: linkOf(line, lines), fromMs: line.atMs, toMs: line.atMs }]
        : [],
    ),
    gaps: gapsOf(lines, toMs),
    holdings: [],
    isComplete: true,
  }
}

interface Around {
  readonly lines: readonly HistoryLine[]
  readonly isStopped: boolean
  readonly known: ReadonlySet<string> | undefined
}

function messageOf(
  line: HistoryLine,
  place: number,
  { lines, isStopped, known }: Around,
): readonly FlowMessage[] {
  const { kind, from, to, text, atMs, exchange = `line ${place}`, key } = line
  if (kind === 'request' || kind === 'reply')
    return [
      {
        exchange,
        part: kind,
        link: kind === 'request' ? `${from}:${to}` : `${to}:${from}`,
        from,
        to,
        text,
        sentMs: atMs,
        arrivedMs: atMs,
        ...(known === undefined
          ? {}
          : {
              differs: key !== undefined && known.has(key) ? ('same' as const) : ('new' as const),
            }),
      },
    ]
  if (kind !== 'fault' || !isStopped) return []
  const request = requestOf(line, lines)
  return [
    {
      exchange: request?.exchange ?? exchange,
      part: request === undefined ? 'request' : 'reply',
      link: linkOf(line, lines),
      from,
      to,
      text: request === undefined ? signatureOf(line) : '',
      sentMs: atMs,
      fault: 'stopped by the fault',
    },
  ]
}

/** The request whose reply the fault stopped. Undefined: it stopped a request. */
function requestOf(fault: HistoryLine, lines: readonly HistoryLine[]): HistoryLine | undefined {
  return lines.findLast(
    ({ kind, from, to, text, atMs }) =>
      kind === 'request' &&
      from === fault.to &&
      to === fault.from &&
      atMs <= fault.atMs &&
      text === signatureOf(fault),
  )
}

/** `COMMIT` of `COMMIT: after execution, the reply is lost`. A signature can contain a colon without a space. */
function signatureOf({ text }: HistoryLine): string {
  return text.split(': ')[0] ?? text
}

function linkOf(fault: HistoryLine, lines: readonly HistoryLine[]): string {
  const { from, to } = fault
  return requestOf(fault, lines) === undefined ? `${from}:${to}` : `${to}:${from}`
}

function attemptsOf(lines: readonly HistoryLine[]): readonly FlowAttempt[] {
  const ends = lines.filter(({ kind }) => kind === 'client')
  return ends.map((end, i) => {
    const afterMs = ends[i - 1]?.atMs ?? -Infinity
    const begin = lines.find(
      ({ kind, from, to, atMs }) =>
        kind === 'request' && from === 'client' && to === end.from && atMs > afterMs,
    )
    const outcome = /\((ok|fail|unknown)\)$/.exec(end.text)?.[1] ?? 'unknown'
    return {
      operation: begin?.text ?? '',
      instance: end.from,
      startMs: Math.min(begin?.atMs ?? end.atMs, end.atMs),
      endMs: end.atMs,
      result: end.text.replace(/ \((ok|fail|unknown)\)$/, ''),
      outcome: outcome as FlowAttempt['outcome'],
    }
  })
}

function gapsOf(lines: readonly HistoryLine[], toMs: number): readonly FlowGap[] {
  return lines.flatMap(({ kind, from, atMs }): readonly FlowGap[] => {
    if (kind !== 'exit') return []
    const back = lines.find(
      (line) => line.kind === 'start' && line.from === from && line.atMs >= atMs,
    )
    return [{ lane: from, what: 'down', fromMs: atMs, toMs: back?.atMs ?? toMs, isPlanned: false }]
  })
}

/** The lines of a diagram, from the client inwards. */
function lanesOf(lines: readonly HistoryLine[]): readonly string[] {
  const names = [...new Set(lines.flatMap(({ from, to }) => [from, to]))]
  // Services come in the order in which the lines name them, each with all of its instances.
  const services = ['client', ...names.filter((name) => !isStore(name)).map(serviceIn)]
  const depth = (name: string): number =>
    isStore(name) ? services.length : services.indexOf(serviceIn(name))
  return names.toSorted((a, b) => depth(a) - depth(b) || a.localeCompare(b))
}

function isStore(name: string): boolean {
  return name === 'postgres' || name === 'redis'
}

/** The name of an instance without its number. */
function serviceIn(name: string): string {
  return name.replace(/-[0-9]+$/, '')
}
