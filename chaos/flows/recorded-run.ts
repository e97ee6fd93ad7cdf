import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { RecordingHead } from '#chaos/contracts/flow-record.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'
import type { FlowFacts, SystemFlowView } from '#chaos/contracts/system/flow-view.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'

/** Everything that is known about the flows of a run. */
export interface RecordedRun {
  readonly topology: Topology
  readonly clock: RunClock
  readonly events: readonly SandboxEvent[]
  readonly operations: readonly Operation[]
  readonly recording: FlowRecording
  /** What the sources of truth say at the end. Empty: they were not read. */
  readonly facts: readonly FlowFacts[]
  /** Ids that the violated checks name. */
  readonly offenders: ReadonlySet<string>
  readonly holdingOf?: SystemFlowView['holdingOf']
}

export interface FlowRecording {
  readonly head: RecordingHead
  /** In the sequence in which they were sent. */
  readonly messages: readonly ExchangeEvent[]
}

/** Reads `exchanges.jsonl`. Undefined: the text is not a recording. */
export function parseRecording(text: string): FlowRecording | undefined {
  const [head, ...messages] = parseJsonLines(text)
  if (!isHead(head)) return undefined
  return { head, messages: messages as ExchangeEvent[] }
}

/** A moment on the links' clock, on the clock of the run. */
export function runMsOfLinks({ recording: { head }, clock }: RecordedRun, linksMs: number): number {
  return clock.msOf(linksMs - head.linksMs + head.journalMs)
}

/** The flows that a message belongs to. */
export function flowsOf({ transaction, otherTransactions = [] }: ExchangeEvent): readonly string[] {
  return transaction === undefined ? [] : [transaction, ...otherTransactions]
}

function isHead(value: unknown): value is RecordingHead {
  return (value as RecordingHead | undefined)?.type === 'recording'
}
