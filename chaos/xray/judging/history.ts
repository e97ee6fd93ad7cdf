import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { HistoryLine } from '../matrix.ts'
import type { ObservedFlow } from '../observe-flow.ts'
import type { Baseline } from '../planning/baseline.ts'
import { columnNamed, type ColumnId } from '../planning/columns.ts'
import { exchangeName, maintenance } from '../planning/foreground.ts'

/** A longer history is cut: a retry storm would fill the file. */
const linesMax = 240

/**
 * The history of one run, message by message, in the order of time. `column`: what the trap did,
 * when there was one.
 */
export function historyOf(
  observed: ObservedFlow,
  baseline: Baseline,
  topology: Topology,
  column?: ColumnId,
): HistoryLine[] {
  const own = ownExchanges(observed, baseline, topology)
  const stopped = stoppedMessage(observed, column)
  const lines: HistoryLine[] = []
  for (const { event, atMs } of observed.exchanges) {
    const key = own.get(idOf(event))
    // The trap stopped this message: the line of the fault replaces it.
    if (key === undefined || event === stopped) continue
    const [caller = '', callee = ''] = event.link.split(':')
    const request = event.part === 'request'
    lines.push({
      atMs: round(atMs - observed.startMs),
      kind: event.part,
      from: request ? caller : callee,
      to: request ? callee : caller,
      text: request ? event.signature : (event.status ?? ''),
      exchange: idOf(event),
      key,
    })
  }
  lines.push(...faultLines(observed, column), ...instanceLines(observed), ...clientLines(observed))
  return lines.toSorted((a, b) => a.atMs - b.atMs).slice(0, linesMax)
}

/** The exchanges of the run by their id, each with the key that the baseline gives it. */
function ownExchanges(
  observed: ObservedFlow,
  baseline: Baseline,
  topology: Topology,
): ReadonlyMap<string, string> {
  const tagged = new Set(
    observed.exchanges
      .filter(({ event }) => carries(event, observed.key))
      .map(({ event }) => idOf(event)),
  )
  const known = new Set(baseline.steps.map(({ link, signature }) => `${link}|${signature}`))
  const counts = new Map<string, number>()
  const own = new Map<string, string>()
  for (const { event } of observed.exchanges) {
    if (event.part !== 'request' || maintenance.has(event.signature)) continue
    const name = exchangeName(event, topology)
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
 * Keys of exchanges of this run that a run without a fault does not have: retries, recovery,
 * another route.
 */
export function newStepsOf(
  observed: ObservedFlow,
  baseline: Baseline,
  topology: Topology,
): string[] {
  const known = new Set([...baseline.steps, ...baseline.background].map(({ key }) => key))
  const tagged = new Set(
    observed.exchanges
      .filter(({ event }) => carries(event, observed.key))
      .map(({ event }) => idOf(event)),
  )
  return [...ownExchanges(observed, baseline, topology)]
    .filter(([id, key]) => tagged.has(id) && !known.has(key))
    .map(([, key]) => key)
}

/** The message that the trap stopped. */
function stoppedMessage(
  { sprung, exchanges }: ObservedFlow,
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

function faultLines({ sprung, startMs }: ObservedFlow, id: ColumnId | undefined): HistoryLine[] {
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

function instanceLines({ instances, startMs }: ObservedFlow): HistoryLine[] {
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

function clientLines({ ack, startMs }: ObservedFlow): HistoryLine[] {
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
