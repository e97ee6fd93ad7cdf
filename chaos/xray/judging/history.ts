import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import type { HistoryLine } from '../matrix.ts'
import type { ObservedOrder } from '../place-observed-order.ts'
import { type Baseline, exchangeName, maintenance } from '../planning/baseline.ts'
import { columnNamed, type ColumnId } from '../planning/columns.ts'

/** A longer history is cut: a retry storm would fill the file. */
const linesMax = 240

/**
 * The history of one order, message by message, in the order of time. `column`: what the trap did,
 * when there was one.
 */
export function historyOf(
  placed: ObservedOrder,
  baseline: Baseline,
  column?: ColumnId,
): HistoryLine[] {
  const own = ownExchanges(placed, baseline)
  const stopped = stoppedMessage(placed, column)
  const lines: HistoryLine[] = []
  for (const { event, atMs } of placed.exchanges) {
    const key = own.get(idOf(event))
    // The trap stopped this message: the line of the fault replaces it.
    if (key === undefined || event === stopped) continue
    const [caller = '', callee = ''] = event.link.split(':')
    const request = event.part === 'request'
    lines.push({
      atMs: round(atMs - placed.startMs),
      kind: event.part,
      from: request ? caller : callee,
      to: request ? callee : caller,
      text: request ? event.signature : (event.status ?? ''),
      exchange: idOf(event),
      key,
    })
  }
  lines.push(...faultLines(placed, column), ...instanceLines(placed), ...clientLines(placed))
  return lines.toSorted((a, b) => a.atMs - b.atMs).slice(0, linesMax)
}

/** The exchanges of the order by their id, each with the key that the baseline gives it. */
function ownExchanges(placed: ObservedOrder, baseline: Baseline): ReadonlyMap<string, string> {
  const tagged = new Set(
    placed.exchanges
      .filter(({ event }) => carries(event, placed.key))
      .map(({ event }) => idOf(event)),
  )
  const known = new Set(baseline.steps.map(({ link, signature }) => `${link}|${signature}`))
  const counts = new Map<string, number>()
  const own = new Map<string, string>()
  for (const { event } of placed.exchanges) {
    if (event.part !== 'request' || maintenance.has(event.signature)) continue
    const name = exchangeName(event)
    const isTagged = tagged.has(idOf(event))
    if (!isTagged && (baseline.idle.has(name) || !known.has(name))) continue
    const counted = `${name}|${isTagged ? '' : '~'}`
    const nth = (counts.get(counted) ?? 0) + 1
    counts.set(counted, nth)
    own.set(idOf(event), `${counted}${nth}`)
  }
  return own
}

/**
 * Keys of exchanges of the order that a run without a fault does not have: retries, recovery,
 * another route.
 */
export function newStepsOf(placed: ObservedOrder, baseline: Baseline): string[] {
  const known = new Set([...baseline.steps, ...baseline.background].map(({ key }) => key))
  const tagged = new Set(
    placed.exchanges
      .filter(({ event }) => carries(event, placed.key))
      .map(({ event }) => idOf(event)),
  )
  return [...ownExchanges(placed, baseline)]
    .filter(([id, key]) => tagged.has(id) && !known.has(key))
    .map(([, key]) => key)
}

/** The message that the trap stopped. */
function stoppedMessage(
  { sprung, exchanges }: ObservedOrder,
  id: ColumnId | undefined,
): ExchangeEvent | undefined {
  const column = id === undefined ? undefined : columnNamed(id)
  if (sprung === undefined || column === undefined || column.act === 'late') return undefined
  const { link, connection, exchange } = sprung.event
  const part = column.phase === 'before' ? 'request' : 'reply'
  return exchanges.findLast(
    ({ event, atMs }) =>
      event.part === part &&
      event.link === link &&
      event.connection === connection &&
      event.signature === exchange &&
      atMs <= sprung.atMs,
  )?.event
}

function faultLines({ sprung, startMs }: ObservedOrder, id: ColumnId | undefined): HistoryLine[] {
  const column = id === undefined ? undefined : columnNamed(id)
  if (sprung === undefined || column === undefined) return []
  const [caller = '', callee = ''] = (sprung.event.link ?? '').split(':')
  const before = column.phase === 'before'
  return [
    {
      atMs: round(sprung.atMs - startMs),
      kind: 'fault',
      from: before ? caller : callee,
      to: before ? callee : caller,
      text: `${sprung.event.exchange ?? ''}: ${column.words}`,
    },
  ]
}

function instanceLines({ instances, startMs }: ObservedOrder): HistoryLine[] {
  return instances
    .filter(({ event }) => event.state === 'exited' || event.state === 'ready')
    .map(({ event, atMs }) => ({
      atMs: round(atMs - startMs),
      kind: event.state === 'exited' ? ('exit' as const) : ('start' as const),
      from: event.instance,
      to: event.instance,
      text: event.state === 'exited' ? 'exits' : 'is ready again',
    }))
}

function clientLines({ ack, startMs }: ObservedOrder): HistoryLine[] {
  return ack.attempts.map((attempt) => ({
    atMs: round(attempt.endMs - startMs),
    kind: 'client',
    from: attempt.instance,
    to: 'client',
    text: `${attempt.result} (${attempt.outcome})`,
  }))
}

function carries({ transaction, otherTransactions }: ExchangeEvent, key: string): boolean {
  return transaction === key || otherTransactions?.includes(key) === true
}

function idOf(event: ExchangeEvent): string {
  return `${event.link}#${event.connection}#${event.exchange}`
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
