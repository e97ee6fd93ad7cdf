import type { FlowHolding, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { HistoryLine } from '#chaos/xray/matrix.ts'
import { flowOfHistory } from '#chaos/xray/showing/cell-history.ts'

export interface CellHistory {
  readonly title: string
  readonly history: readonly HistoryLine[]
  /** Keys of the exchanges of a run without a fault. */
  readonly known: ReadonlySet<string>
  /** The order is lost: what Postgres holds at the end is wrong. */
  readonly isLost: boolean
}

/** The order of an X-ray cell of the shop as a flow, with what the sources of truth hold about it. */
export function flowOfOrder({ title, history, known, isLost }: CellHistory): FlowRecord {
  const flow = flowOfHistory(history, { id: title, title, isStopped: true, known })
  return { ...flow, holdings: holdingsOf(history, isLost, flow.toMs) }
}

/** The request whose reply a fault stopped. Undefined: the fault stopped the request. */
function requestOf(fault: HistoryLine, before: readonly HistoryLine[]): HistoryLine | undefined {
  // The text of a fault is `COMMIT: the connection is reset before the request arrives`.
  return before.findLast(
    ({ kind, from, to, text }) =>
      kind === 'request' &&
      from === fault.to &&
      to === fault.from &&
      fault.text.startsWith(`${text}: `),
  )
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
  const [, result = '', outcome] = /^(.*) \((\w+)\)$/.exec(line.text) ?? []
  const received = result.replace('ECONNRESET', 'connection reset')
  if (outcome === 'ok') return `${received}: order placed`
  return outcome === 'fail' ? `${received}: refused` : `${received}: does not know`
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
