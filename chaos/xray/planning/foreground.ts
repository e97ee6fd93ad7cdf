import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { FlowStep } from '../matrix.ts'
import type { ObservedFlow } from '../observe-flow.ts'
import { serviceLinkOf } from '../services.ts'

/** One exchange of a run: its request together with its reply. */
export interface Seen {
  readonly name: string
  readonly link: string
  readonly signature: string
  readonly matchedBy: FlowStep['matchedBy']
  readonly connection: string
  readonly atMs: number
}

/** Exchanges that maintain a connection or a lock: they happen now and then, in any run. */
export const maintenance: ReadonlySet<string> = new Set([
  'bullmq extendLock',
  'bullmq extendLocks',
  'connect',
  'authenticate',
  'encryption?',
  'disconnect',
  'HELLO',
  'INFO',
  'PING',
  'CLIENT SETINFO',
  'CLIENT SETNAME',
  'SELECT',
])
/** `worker:postgres|COMMIT` */
export function exchangeName(
  event: Pick<ExchangeEvent, 'link' | 'signature'>,
  topology: Topology,
): string {
  return `${serviceLinkOf(event.link, topology)}|${event.signature}`
}

/** The exchanges that belong to the run, by the time of their requests. */
export function foreground(
  run: ObservedFlow,
  idle: ReadonlySet<string>,
  topology: Topology,
): Seen[] {
  const replies = new Map<string, ExchangeEvent>()
  for (const { event } of run.exchanges) if (event.part === 'reply') replies.set(idOf(event), event)
  return run.exchanges.flatMap(({ event, atMs }): Seen[] => {
    if (event.part !== 'request' || maintenance.has(event.signature)) return []
    const matchedBy = matchOf(event, replies.get(idOf(event)), run.key)
    const name = exchangeName(event, topology)
    if (matchedBy === 'alone' && (idle.has(name) || !isOwn(event, run, replies))) return []
    const { signature } = event
    const connection = `${event.link}#${event.connection}`
    const link = serviceLinkOf(event.link, topology)
    return [{ name, link, signature, matchedBy, connection, atMs: atMs - run.startMs }]
  })
}

/**
 * Numbers exchanges with the same name: `worker:postgres|COMMIT|2`. Exchanges whose request does not
 * carry the run's key have a count of their own: `worker:postgres|BEGIN|~1`. Their replies do not
 * matter: whether a query finds the rows of the run can depend on chance.
 */
export function numbered(seen: readonly Seen[]): Map<string, Seen> {
  const counts = new Map<string, number>()
  return new Map(
    seen.map((one) => {
      const counted = `${one.name}|${one.matchedBy === 'payload' ? '' : '~'}`
      const nth = (counts.get(counted) ?? 0) + 1
      counts.set(counted, nth)
      return [`${counted}${nth}`, one]
    }),
  )
}

/**
 * Whether a message without a key, such as BEGIN, belongs to the run. In a database transaction
 * it does if another message of that transaction carries the key. Outside of transactions it does,
 * because no other run is in progress.
 */
function isOwn(
  event: ExchangeEvent,
  run: ObservedFlow,
  replies: ReadonlyMap<string, ExchangeEvent>,
): boolean {
  if (event.signature === '?') return false
  const same = run.exchanges
    .map(({ event: other }) => other)
    .filter(
      ({ part, link, connection }) =>
        part === 'request' && link === event.link && connection === event.connection,
    )
  const at = same.indexOf(event)
  const from = same.findLastIndex(({ signature }, i) => i <= at && ends.test(signature)) + 1
  const begin = same.findIndex(({ signature }, i) => i >= from && signature === 'BEGIN')
  if (begin === -1 || begin > at) return !ends.test(event.signature)
  const end = same.findIndex(({ signature }, i) => i > at && ends.test(signature))
  return same
    .slice(begin, end === -1 ? undefined : end + 1)
    .some((other) => matchOf(other, replies.get(idOf(other)), run.key) !== 'alone')
}

const ends = /^(COMMIT|ROLLBACK)$/

function matchOf(
  request: ExchangeEvent,
  reply: ExchangeEvent | undefined,
  key: string,
): FlowStep['matchedBy'] {
  const carries = ({ transaction, otherTransactions }: ExchangeEvent): boolean =>
    transaction === key || otherTransactions?.includes(key) === true
  if (carries(request)) return 'payload'
  return reply !== undefined && carries(reply) ? 'reply' : 'alone'
}

function idOf(event: ExchangeEvent): string {
  return `${event.link}#${event.connection}#${event.exchange}`
}
