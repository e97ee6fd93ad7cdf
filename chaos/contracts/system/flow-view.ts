import type { Evidence } from '../check.ts'
import type { FlowHolding } from '../flow-record.ts'
import type { ExchangeEvent } from '../links.ts'

/** What a system knows about single flows, in the shop about orders. */
export interface SystemFlowView<Truth = unknown> {
  /** What every source of truth says about each flow of the run, by the client's key. */
  facts(evidence: Evidence<Truth>): readonly FlowFacts[]
  /**
   * What a source of truth holds about the flow once the request of this exchange is executed, if no source of truth records
   * that: for example, the state of a job. Undefined or absent: the exchange changes nothing.
   */
  holdingOf?(exchange: ExecutedExchange): Pick<FlowHolding, 'source' | 'text'> | undefined
}

/** A request whose reply the callee has sent. */
export interface ExecutedExchange {
  /** The key of the flow. The exchange may belong to several. */
  readonly flow: string
  readonly request: ExchangeEvent
  readonly reply: ExchangeEvent
}

/** One flow at the end of a run. */
export interface FlowFacts {
  /** The client's key. */
  readonly id: string
  /** `order o-7f-000014`. */
  readonly title: string
  /** Other ids by which checks and users name it: those that the system gave. */
  readonly names: readonly string[]
  /** Flows with the same text send the same messages if nothing fails: `order tea`. */
  readonly likeness: string
  /** How it ended, in a few words: `paid`. */
  readonly result: string
  /** It ended as it does if nothing fails, at the first attempt. */
  readonly isRegular: boolean
  /**
   * Milliseconds since the workload began, from the records of the sources. A text begins with `at the end: ` if only the
   * final read shows it. `isWrong`: it contradicts the other sources.
   */
  readonly holdings: readonly FlowHolding[]
}
