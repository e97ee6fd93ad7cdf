import type { RecordedMessage } from '../recording/recorded-message.ts'
import type { ExchangeCounts } from './exchange-counts.ts'
import type { Place } from './outbox.ts'

/** A request and its reply on one connection, as far as they have come. */
export interface Exchange {
  /** Number on its connection, from 1. */
  readonly number: number
  /** Empty until enough of the request has come to name it. */
  signature: string
  /** Business transactions that it belongs to. */
  tags: readonly string[]
  /** The whole reply is here. */
  answered: boolean
  /** The traps have judged the reply. */
  judged: boolean
  /** Sent to the caller instead of a reply: the callee never receives the request. */
  replacement: Buffer | undefined
  /** The request is a copy: the caller must not receive its reply. */
  copy: boolean
  /** The earlier request that this one overtook. The reply to that one must reach the caller first. */
  overtook: Exchange | undefined
  /** The reserved place of the reply: another request overtook this one, and its reply has come. */
  turn: Place | undefined
  /** Called once, when the whole reply has come. */
  whenReplied: (() => void) | undefined
  /** Milliseconds on the host's clock when the request was whole; 0 when the request was not read. */
  requestedAtMs: number
  /** What counts this exchange. */
  counts: ExchangeCounts | undefined
  /** Flows that it belongs to; only while a recording is on. */
  flows: readonly string[]
  /** Its request in a recording, or what would be recorded if the reply names a flow. */
  recorded: RecordedMessage | undefined
}

/** Another reply must reach the caller before or after the reply to this request. */
export function isOrdered({ overtook, turn }: Exchange): boolean {
  return overtook !== undefined || turn !== undefined
}

const noFlows: readonly string[] = []

export function newExchange(number: number): Exchange {
  return {
    number,
    signature: '',
    tags: [],
    answered: false,
    judged: false,
    replacement: undefined,
    copy: false,
    overtook: undefined,
    turn: undefined,
    whenReplied: undefined,
    requestedAtMs: 0,
    counts: undefined,
    flows: noFlows,
    recorded: undefined,
  }
}
