import type {
  FlowAttempt,
  FlowFault,
  FlowGap,
  FlowHolding,
  FlowMessage,
  FlowRecord,
} from '#chaos/contracts/flow-record.ts'
import type { HistoryLine } from '#chaos/xray/matrix.ts'
import { lanesOf } from '#chaos/xray/showing/sequence.ts'

export interface CellHistory {
  readonly title: string
  readonly history: readonly HistoryLine[]
  /** Keys of the exchanges of a run without a fault. */
  readonly known: ReadonlySet<string>
  /** The order is lost: what Postgres holds at the end is wrong. */
  readonly isLost: boolean
}

const stores = new Set(['postgres', 'redis'])

/**
 * The history of an X-ray cell as a flow, so that it is drawn as every other order. An X-ray knows when a message passed its
 * link: the arrow of a message that arrived is level.
 */
export function flowOfHistory({ title, history, known, isLost }: CellHistory): FlowRecord {
  const toMs = history.at(-1)?.atMs ?? 0
  return {
    id: title,
    title,
    fromMs: 0,
    toMs,
    lanes: lanesOf(history).map((name) => ({
      name,
      kind: name === 'client' ? 'client' : stores.has(name) ? 'store' : 'instance',
    })),
    messages: history.flatMap((line, i) => messageOf(line, history.slice(0, i), known)),
    attempts: attemptsOf(history),
    faults: history.flatMap((line): readonly FlowFault[] =>
      line.kind === 'fault'
        ? [
            {
              label: faultWords(line),
              on: linkOf(line, history),
              fromMs: line.atMs,
              toMs: line.atMs,
            },
          ]
        : [],
    ),
    gaps: gapsOf(history, toMs),
    holdings: holdingsOf(history, isLost, toMs),
    isComplete: true,
  }
}

function messageOf(
  line: HistoryLine,
  before: readonly HistoryLine[],
  known: ReadonlySet<string>,
): readonly FlowMessage[] {
  const { kind, from, to, atMs, text, key } = line
  if (kind === 'fault') {
    const request = requestOf(line, before)
    const part = request === undefined ? 'request' : 'reply'
    return [
      {
        exchange: request?.exchange ?? 'fault',
        part,
        link: request === undefined ? `${from}:${to}` : `${to}:${from}`,
        from,
        to,
        text: messageName(line),
        sentMs: atMs,
      },
    ]
  }
  if (kind !== 'request' && kind !== 'reply') return []
  const link = kind === 'request' ? `${from}:${to}` : `${to}:${from}`
  const isKnown = key !== undefined && known.has(key)
  return [
    {
      exchange: line.exchange ?? `${link} ${atMs}`,
      part: kind,
      link,
      from,
      to,
      text,
      sentMs: atMs,
      arrivedMs: atMs,
      differs: isKnown ? 'same' : 'new',
    },
  ]
}

/** The request whose reply a fault stopped. Undefined: the fault stopped the request. */
function requestOf(fault: HistoryLine, before: readonly HistoryLine[]): HistoryLine | undefined {
  return before.findLast(
    ({ kind, from, to, text }) =>
      kind === 'request' && from === fault.to && to === fault.from && text === messageName(fault),
  )
}

function linkOf(fault: HistoryLine, history: readonly HistoryLine[]): string {
  const isReply = requestOf(fault, history.slice(0, history.indexOf(fault))) !== undefined
  return isReply ? `${fault.to}:${fault.from}` : `${fault.from}:${fault.to}`
}

/** The text of a fault is `COMMIT: the connection is reset before the request arrives`. */
function messageName({ text }: HistoryLine): string {
  return text.slice(0, Math.max(0, text.indexOf(': ')))
}

function faultWords({ text }: HistoryLine): string {
  return text.slice(text.indexOf(': ') + 2)
}

function attemptsOf(history: readonly HistoryLine[]): readonly FlowAttempt[] {
  return history.flatMap((line, i): readonly FlowAttempt[] => {
    if (line.kind !== 'client') return []
    const start = history
      .slice(0, i)
      .findLast(({ kind, from, to }) => kind === 'request' && from === 'client' && to === line.from)
    const outcome = outcomeOf(line)
    return start === undefined
      ? []
      : [
          {
            operation: 'POST /orders',
            instance: line.from,
            startMs: start.atMs,
            endMs: line.atMs,
            result: resultOf(line),
            outcome,
          },
        ]
  })
}

/** `201 (ok)`, `ECONNRESET (unknown)`. */
function resultOf({ text }: HistoryLine): string {
  return text.replace(/ \(\w+\)$/, '').replace('ECONNRESET', 'connection reset')
}

function outcomeOf({ text }: HistoryLine): FlowAttempt['outcome'] {
  const [, outcome] = /\((ok|fail|unknown)\)$/.exec(text) ?? []
  return outcome === 'ok' || outcome === 'fail' ? outcome : 'unknown'
}

function gapsOf(history: readonly HistoryLine[], toMs: number): readonly FlowGap[] {
  return history.flatMap((line, i): readonly FlowGap[] => {
    if (line.kind !== 'exit') return []
    const start = history.slice(i).find(({ kind, from }) => kind === 'start' && from === line.from)
    return [
      {
        lane: line.from,
        what: 'down',
        fromMs: line.atMs,
        toMs: start?.atMs ?? toMs,
        isPlanned: false,
      },
    ]
  })
}

/** What the messages of the shop say about its sources of truth. Nothing is concluded from a message that was lost. */
function holdingsOf(
  history: readonly HistoryLine[],
  isLost: boolean,
  toMs: number,
): readonly FlowHolding[] {
  const holdings: FlowHolding[] = [
    { source: 'client', atMs: 0, text: 'no response' },
    { source: 'postgres', atMs: 0, text: 'no order' },
    { source: 'queue', atMs: 0, text: 'no job' },
    { source: 'payments', atMs: 0, text: 'no charge' },
  ]
  const set = (source: string, atMs: number, text: string, isWrong = false): void => {
    const last = holdings.findLast((one) => one.source === source)
    if (last?.text !== text) holdings.push({ source, atMs, text, ...(isWrong ? { isWrong } : {}) })
  }
  for (const [i, line] of history.entries()) {
    if (line.kind === 'client') set('client', line.atMs, clientWords(line))
    const done = executedBy(line, history.slice(0, i))
    if (done === null) continue
    const { text, from } = done
    if (text === 'COMMIT' && from.startsWith('api')) set('postgres', line.atMs, 'order placed')
    if (text === 'COMMIT' && hasBooked(history.slice(0, i), from))
      set('postgres', line.atMs, 'order paid, booked')
    if (text === 'bullmq addJob') set('queue', line.atMs, 'a job')
    if (text === 'bullmq moveToActive') set('queue', line.atMs, 'a job, at the worker')
    if (text === 'bullmq moveToFinished') set('queue', line.atMs, 'job done')
    if (text === 'POST /charges') set('payments', line.atMs, 'one charge')
  }
  if (isLost) {
    set('postgres', toMs, 'order placed, and no process continues it', true)
    set('queue', toMs, 'still no job', true)
  }
  return holdings
}

function clientWords(line: HistoryLine): string {
  const outcome = outcomeOf(line)
  if (outcome === 'ok') return `${resultOf(line)}: order placed`
  return outcome === 'fail' ? `${resultOf(line)}: refused` : `${resultOf(line)}: does not know`
}

/** The request that was executed: its reply arrives, or a fault stops its reply. */
function executedBy(line: HistoryLine, before: readonly HistoryLine[]): HistoryLine | null {
  if (line.kind === 'fault') return requestOf(line, before) ?? null
  if (line.kind !== 'reply') return null
  return (
    before.findLast(({ kind, exchange }) => kind === 'request' && exchange === line.exchange) ??
    null
  )
}

/** The worker has written into the ledger in the transaction that it commits. */
function hasBooked(before: readonly HistoryLine[], worker: string): boolean {
  return before.some(
    ({ kind, from, text }) =>
      kind === 'request' && from === worker && text === 'INSERT ledger_transactions',
  )
}
