import type { ExchangeEvent } from '#chaos/contracts/links.ts'

import type { CourseLine } from '../matrix.ts'

/** Exchanges as lines of a sequence diagram; the first one is at 0 ms. */
export function linesOfExchanges(events: readonly ExchangeEvent[]): CourseLine[] {
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

/** One exchange on one connection: a request and its reply share it. */
export function exchangeId(event: ExchangeEvent): string {
  return `${event.link}#${event.connection}#${event.exchange}`
}

/** Whether the messages carry this text: the key of an order or the order's id. */
export function belongsTo(event: ExchangeEvent, id: string): boolean {
  const carried = [event.transaction, ...(event.otherTransactions ?? [])]
  // Keys are known without the random end of an order's id.
  return carried.some((tag) => tag !== undefined && (tag === id || id.startsWith(`${tag}.`)))
}
