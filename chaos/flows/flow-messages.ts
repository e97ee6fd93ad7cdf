import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { FlowMessage } from '#chaos/contracts/flow-record.ts'
import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import { faultLabel } from '#chaos/report/describe-active-fault.ts'

import { flowsOf, type RecordedRun, runMsOfLinks } from './recorded-run.ts'

/** A message that leaves the link this much later than it was sent was held there. A busy machine alone takes a millisecond or two. */
const heldMinMs = 5
/** A trap is reported this soon before or after the message that it holds was read. */
const trapWithinMs = 50

export type TrapSprung = Extract<SandboxEvent, { type: 'trap' }>

/** A message of the flow, and how it was recorded. */
export interface RecordedFlowMessage {
  readonly message: FlowMessage
  readonly event: ExchangeEvent
}

/** The requests and replies of a flow in the sequence in which they were sent. */
export function messagesOf(run: RecordedRun, id: string): readonly RecordedFlowMessage[] {
  const own = run.recording.messages.filter((event) => flowsOf(event).includes(id))
  const endings = new Map(own.filter(isUnsent).map((event) => [exchangeOf(event), event]))
  return own
    .filter((event) => !isUnsent(event))
    .map((event) => ({
      event,
      message: messageOf(run, event, endings.get(exchangeOf(event))),
    }))
    .toSorted((a, b) => a.message.sentMs - b.message.sentMs)
}

/** The trap that held or stopped this message. */
export function trapAt(run: RecordedRun, event: ExchangeEvent): TrapSprung | undefined {
  const atMs = runMsOfLinks(run, event.atMs)
  return run.events.find(
    (one): one is TrapSprung =>
      one.type === 'trap' &&
      one.what === 'sprung' &&
      one.link === event.link &&
      one.connection === event.connection &&
      one.exchange === event.signature &&
      (one.phase === 'before') === (event.part === 'request') &&
      Math.abs(run.clock.msOf(one.ms) - atMs) <= trapWithinMs,
  )
}

function exchangeOf({ link, connection, exchange }: ExchangeEvent): string {
  return `${link}#${connection}#${exchange}`
}

/** No byte of the reply came to the link: nothing says that the callee sent one. */
function isUnsent({ part, lost, sentMs }: ExchangeEvent): boolean {
  return part === 'reply' && lost === true && sentMs === undefined
}

function messageOf(
  run: RecordedRun,
  event: ExchangeEvent,
  ending: ExchangeEvent | undefined,
): FlowMessage {
  const [caller = '', callee = ''] = event.link.split(':')
  const isRequest = event.part === 'request'
  const sentMs = runMsOfLinks(run, event.sentMs ?? event.atMs)
  const arrivedMs =
    event.deliveredMs === undefined ? undefined : runMsOfLinks(run, event.deliveredMs)
  const fault = faultOf(run, event, { sentMs, arrivedMs, ending })
  return {
    exchange: exchangeOf(event),
    part: event.part,
    link: event.link,
    from: isRequest ? caller : callee,
    to: isRequest ? callee : caller,
    text: isRequest ? event.signature : (event.status ?? 'reply'),
    ...(event.summary === undefined || event.summary === '' ? {} : { summary: event.summary }),
    sentMs,
    ...(arrivedMs === undefined ? {} : { arrivedMs }),
    ...(fault === undefined ? {} : { fault }),
  }
}

interface Times {
  readonly sentMs: number
  readonly arrivedMs: number | undefined
  /** The connection ended without a reply to this request. */
  readonly ending: ExchangeEvent | undefined
}

/** Why the message never arrived, what held it, or that no reply came. */
function faultOf(
  run: RecordedRun,
  event: ExchangeEvent,
  { sentMs, arrivedMs, ending }: Times,
): string | undefined {
  const trap = trapAt(run, event)
  if (arrivedMs === undefined) {
    if (event.lost !== true) return 'it had not arrived when the recording ended'
    if (trap !== undefined) return `stopped by the trap ${trap.id}`
    const cause = faultOnLink(run, event.link, sentMs) ?? resetOf(run, event)
    return `lost: ${cause ?? event.why ?? 'the reason is not known'}`
  }
  const heldMs = Math.round((arrivedMs - sentMs) * 10) / 10
  if (heldMs >= heldMinMs) {
    const cause = trap === undefined ? faultOnLink(run, event.link, sentMs) : `the trap ${trap.id}`
    if (cause !== undefined) return `held ${heldMs} ms by ${cause}`
  }
  if (ending === undefined) return undefined
  const endedMs = runMsOfLinks(run, ending.atMs)
  const cause = faultOnLink(run, event.link, endedMs) ?? resetOf(run, ending)
  const why = cause === undefined ? '' : ` (${cause})`
  return `no reply: the connection ended at ${(endedMs / 1_000).toFixed(3)} s${why}`
}

/** A fault that is active on the link at this moment. */
function faultOnLink(run: RecordedRun, link: string, atMs: number): string | undefined {
  const active = new Map<string, string>()
  for (const event of run.events) {
    if (event.type !== 'fault' || !event.fault.targets.includes(link)) continue
    if (run.clock.msOfEvent(event) > atMs) continue
    if (event.what === 'injected') active.set(event.fault.id, faultLabel(event.fault))
    else active.delete(event.fault.id)
  }
  return [...active.values()].at(-1)
}

/** What reset the connection, as the links report it. */
function resetOf(run: RecordedRun, { link, connection }: ExchangeEvent): string | undefined {
  for (const event of run.events)
    if (
      event.type === 'link' &&
      event.what === 'reset' &&
      event.link === link &&
      event.connection === connection
    )
      return event.detail
  return undefined
}
