import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import type { CourseLine } from '../matrix.ts'
import type { ObservedOrder } from '../place-observed-order.ts'
import { type Baseline, nameOf, upkeep } from '../planning/baseline.ts'
import { columnNamed, type ColumnId } from '../planning/columns.ts'

/** Longest course that is kept; a retry storm would fill the file. */
const linesMax = 240

/** What happened to one order, message by message, in the order of time. */
export function courseOf(
  placed: ObservedOrder,
  baseline: Baseline,
  column?: ColumnId,
): CourseLine[] {
  const own = ownExchanges(placed, baseline)
  const stopped = stoppedMessage(placed, column)
  const lines: CourseLine[] = []
  for (const { event, atMs } of placed.exchanges) {
    const key = own.get(idOf(event))
    // It was read and went no further: the line of the fault stands for it.
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

/** Exchanges of the order, by their id, with the key under which the baseline would have them. */
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
    if (event.part !== 'request' || upkeep.has(event.signature)) continue
    const name = nameOf(event)
    const isTagged = tagged.has(idOf(event))
    if (!isTagged && (baseline.idle.has(name) || !known.has(name))) continue
    const counted = `${name}|${isTagged ? '' : '~'}`
    const nth = (counts.get(counted) ?? 0) + 1
    counts.set(counted, nth)
    own.set(idOf(event), `${counted}${nth}`)
  }
  return own
}

/** Keys of the order's exchanges that an untouched run does not have: retries, recovery, another way. */
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

/** The message that the trap took away. */
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

function faultLines({ sprung, startMs }: ObservedOrder, id: ColumnId | undefined): CourseLine[] {
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

function instanceLines({ instances, startMs }: ObservedOrder): CourseLine[] {
  return instances
    .filter(({ event }) => event.state === 'exited' || event.state === 'ready')
    .map(({ event, atMs }) => ({
      atMs: round(atMs - startMs),
      kind: event.state === 'exited' ? ('exit' as const) : ('start' as const),
      from: event.instance,
      to: event.instance,
      text: event.state === 'exited' ? 'dies' : 'runs again',
    }))
}

function clientLines({ ack, startMs }: ObservedOrder): CourseLine[] {
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
