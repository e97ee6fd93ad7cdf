import type { FlowComparison, FlowMessage, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { FlowFacts } from '#chaos/contracts/system/flow-view.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import { buildFlowRecord } from './flow-record.ts'
import type { RecordedRun, RunOfFlows } from './recorded-run.ts'

/** Marks the messages that the fault-free flow does not have, and lists those that only it has. */
function compareFlows(topology: Topology, flow: FlowRecord, faultFree: FlowRecord): FlowComparison {
  const nameOf = namesOf(topology)
  const left = Map.groupBy(faultFree.messages, nameOf(faultFree))
  const named = nameOf(flow)
  const messages = flow.messages.map((message): FlowMessage => {
    const same = left.get(named(message))?.shift()
    return { ...message, differs: same === undefined ? 'new' : 'same' }
  })
  return {
    flow: { ...flow, messages },
    faultFree,
    missing: [...left.values()].flat().toSorted((a, b) => a.sentMs - b.sentMs),
  }
}

/**
 * The record of the flow beside one of the steady state of the same run, when there was no fault: the first one of the same
 * kind that ended as it must. Alone, if there is none.
 */
export function buildComparison(run: RecordedRun, id: string): FlowRecord | FlowComparison {
  const flow = buildFlowRecord(run, id)
  const regular = findFaultFree(run, id)
  if (regular === undefined) return flow
  return compareFlows(run.topology, flow, buildFlowRecord(run, regular.id))
}

/** The flows that a comparison of this flow shows: their messages are enough for it. */
export function comparedFlows(run: RunOfFlows, id: string): readonly string[] {
  const regular = findFaultFree(run, id)
  return regular === undefined ? [id] : [id, regular.id]
}

function findFaultFree(run: RunOfFlows, id: string): Candidate | undefined {
  const untilMs = firstFaultMs(run)
  const lastOf = new Map<string, number>()
  for (const { key, endMs } of run.operations)
    if (key !== undefined) lastOf.set(key, Math.max(lastOf.get(key) ?? 0, endMs))
  const all = run.facts.length > 0 ? run.facts.map(byFacts) : run.operations.flatMap(byOperation)
  const own = all.find((one) => one.id === id)
  const regular = all.filter(
    (one) =>
      one.id !== id &&
      one.isRegular &&
      (lastOf.get(one.id) ?? Number.POSITIVE_INFINITY) < untilMs &&
      one.doneMs < untilMs,
  )
  // The system is warm at the end of the steady state.
  const latest = regular.toReversed()
  return latest.find(({ likeness }) => likeness === own?.likeness) ?? latest[0]
}

/** A flow that others may be compared with. */
interface Candidate extends Pick<FlowFacts, 'id' | 'likeness' | 'isRegular'> {
  readonly doneMs: number
}

function byFacts({ id, likeness, isRegular, holdings }: FlowFacts): Candidate {
  const changes = holdings.filter(({ text }) => !text.startsWith('at the end'))
  return { id, likeness, isRegular, doneMs: Math.max(0, ...changes.map(({ atMs }) => atMs)) }
}

/** A system that says nothing about its flows: a flow is done with its response. */
function byOperation({ key, kind, outcome, attempts, tags, endMs }: Operation): Candidate[] {
  if (key === undefined) return []
  const isRegular = outcome === 'ok' && attempts.length === 1 && tags.length === 0
  return [{ id: key, likeness: kind, isRegular, doneMs: endMs }]
}

function firstFaultMs(run: RunOfFlows): number {
  for (const event of run.events)
    if (
      (event.type === 'fault' && event.what === 'injected') ||
      (event.type === 'trap' && event.what === 'sprung')
    )
      return run.clock.msOfEvent(event)
  return Number.POSITIVE_INFINITY
}

/** What a message is, whichever instance sends it: services, request, and for a reply its status. */
function namesOf(topology: Topology): (flow: FlowRecord) => (message: FlowMessage) => string {
  const services = new Map(topology.instances.map(({ name, service }) => [name, service]))
  const serviceOf = (name: string): string => services.get(name) ?? name
  return ({ messages }) => {
    const requests = new Map(
      messages
        .filter(({ part }) => part === 'request')
        .map(({ exchange, text }) => [exchange, text]),
    )
    return ({ part, from, to, exchange, text }) =>
      [
        part,
        serviceOf(from),
        serviceOf(to),
        requests.get(exchange),
        part === 'reply' ? withoutCounts(text) : text,
      ].join(' ')
  }
}

/** How many rows or items a reply has depends on what else happens. Whether there are any does not: `INSERT 0 0`. */
function withoutCounts(status: string): string {
  if (/^(?:\d+ (?:bytes|items)|-?\d{1,2})$/.test(status)) return 'value'
  return /^(?:[A-Z]+ )+[\d ]+$/.test(status) && !status.startsWith('ERR')
    ? status.replaceAll(/[1-9]\d*/g, 'n')
    : status
}
