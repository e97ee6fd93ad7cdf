import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { RecordingHead } from '#chaos/contracts/flow-record.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'
import type { FlowFacts, SystemFlowView } from '#chaos/contracts/system/flow-view.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'

/** What is known about the flows of a run before the messages are found. */
export interface RunOfFlows {
  readonly topology: Topology
  readonly clock: RunClock
  readonly events: readonly SandboxEvent[]
  readonly operations: readonly Operation[]
  readonly recording: Pick<FlowRecording, 'head'>
  /** What the sources of truth say at the end. Empty: they were not read. */
  readonly facts: readonly FlowFacts[]
  /** Ids that the violated checks name. */
  readonly offenders: ReadonlySet<string>
  readonly holdingOf?: SystemFlowView['holdingOf']
}

/** Everything that is known about the flows of a run. */
export interface RecordedRun extends RunOfFlows {
  readonly recording: FlowRecording
}

export interface FlowRecording {
  readonly head: RecordingHead
  /** In the sequence in which they were sent. */
  readonly messages: readonly ExchangeEvent[]
}

/** Reads a recording of messages: its head, then one message in each line. Undefined: the text is not one. */
export function parseRecording(text: string): FlowRecording | undefined {
  const [head, ...messages] = parseJsonLines(text)
  if (!isHead(head)) return undefined
  return { head, messages: messages as ExchangeEvent[] }
}

/** A moment on the links' clock, on the clock of the run. */
export function runMsOfLinks({ recording: { head }, clock }: RunOfFlows, linksMs: number): number {
  return clock.msOf(linksMs - head.linksMs + head.journalMs)
}

/** The flows that a message belongs to. */
export function flowsOf({ transaction, otherTransactions = [] }: ExchangeEvent): readonly string[] {
  return transaction === undefined ? [] : [transaction, ...otherTransactions]
}

function isHead(value: unknown): value is RecordingHead {
  return (value as RecordingHead | undefined)?.type === 'recording'
}
