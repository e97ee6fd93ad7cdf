import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import type { HistoryLine } from '../matrix.ts'

/** Exchanges as lines of a sequence diagram; the first line is at 0 ms. */
export function linesOfExchanges(events: readonly ExchangeEvent[]): HistoryLine[] {
  const fromMs = events[0]?.atMs ?? 0
  return events.map((event) => {
    const [caller = '', callee = ''] = event.link.split(':')
    const request = event.part === 'request'
    return {
      atMs: Math.round((event.atMs - fromMs) * 10) / 10,
      kind: event.part,
      from: request ? caller : callee,
      to: request ? callee : caller,
      text: request ? event.signature : (event.status ?? ''),
      exchange: exchangeId(event),
    }
  })
}

/** Identifies one exchange on one connection: its request and its reply have the same id. */
export function exchangeId(event: ExchangeEvent): string {
  return `${event.link}#${event.connection}#${event.exchange}`
}

/** Whether a message carries this text: a key, or an id that begins with the key and a dot. */
export function belongsTo(event: ExchangeEvent, id: string): boolean {
  const carried = [event.transaction, ...(event.otherTransactions ?? [])]
  return carried.some((tag) => tag !== undefined && (tag === id || id.startsWith(`${tag}.`)))
}
