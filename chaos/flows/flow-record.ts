import type {
  FlowAttempt,
  FlowHolding,
  FlowLane,
  FlowRecord,
} from '#chaos/contracts/flow-record.ts'
import { type Attempt, isDefiniteRefusal, type Operation } from '#chaos/contracts/history.ts'
import type { FlowFacts } from '#chaos/contracts/system/flow-view.ts'
import { client, entriesOf, type Topology, withAllProfiles } from '#chaos/contracts/topology.ts'

import { whenFull } from './find-flow.ts'
import { changedIn, faultsOf, gapsOf, isOn, lanesOfTarget } from './flow-gaps.ts'
import { messagesOf, type RecordedFlowMessage } from './flow-messages.ts'
import { type RecordedRun, runMsOfLinks } from './recorded-run.ts'

/** What happened to the flow with this key of the client. */
export function buildFlowRecord(run: RecordedRun, id: string): FlowRecord {
  const facts = run.facts.find((one) => one.id === id)
  const recorded = messagesOf(run, id)
  const messages = recorded.map(({ message }) => message)
  const operations = operationsOf(run, id, facts)
  const attempts = operations.flatMap((operation) => attemptsOf(operation))
  const holdings = holdingsOf(run, id, { facts, recorded, operations })
  const times = [
    ...messages.flatMap(({ sentMs, arrivedMs }) => [sentMs, arrivedMs ?? sentMs]),
    ...attempts.flatMap(({ startMs, endMs }) => [startMs, endMs]),
  ]
  const window = {
    fromMs: times.reduce((least, ms) => Math.min(least, ms), times[0] ?? 0),
    toMs: [...times, ...holdings.map(({ atMs }) => atMs)].reduce(
      (most, ms) => Math.max(most, ms),
      times[0] ?? 0,
    ),
  }
  const own = new Set([
    ...messages.flatMap(({ from, to }) => [from, to]),
    ...attempts.flatMap(({ instance }) => [client, instance]),
    ...changedIn(run, window),
  ])
  const faults = faultsOf(run, recorded, own, window)
  const names = new Set([...own, ...faults.flatMap(({ on }) => lanesOfTarget(on))])
  return {
    id,
    title: facts?.title ?? id,
    ...window,
    lanes: lanesOf(run.topology, names, messages),
    messages,
    attempts: attempts.toSorted((a, b) => a.startMs - b.startMs),
    faults,
    gaps: gapsOf(run, names, window),
    holdings,
    ...completeness(run, names, window.toMs),
  }
}

/** The operations with the flow's key, and those that read what it created. */
function operationsOf(
  run: RecordedRun,
  id: string,
  facts: FlowFacts | undefined,
): readonly Operation[] {
  const names = new Set(facts?.names)
  return run.operations.filter(
    ({ key, orderId }) =>
      key === id || (key === undefined && orderId !== undefined && names.has(orderId)),
  )
}

function attemptsOf({ kind, id, attempts, answer }: Operation): readonly FlowAttempt[] {
  return attempts.map((attempt, index) => ({
    operation: `${kind} #${id}`,
    instance: attempt.instance,
    startMs: attempt.startMs,
    endMs: attempt.endMs,
    result: resultOf(attempt, index === attempts.length - 1 ? answer : undefined),
    outcome: outcomeOf(attempt),
  }))
}

function resultOf({ status, code, error }: Attempt, answer: string | undefined): string {
  if (status === undefined) return error ?? 'no response'
  const word = code ?? answer
  return word === undefined ? String(status) : `${status} ${word}`
}

function outcomeOf(attempt: Attempt): FlowAttempt['outcome'] {
  const { status, sent } = attempt
  if (status !== undefined && status < 400) return 'ok'
  return sent === false || isDefiniteRefusal(attempt) ? 'fail' : 'unknown'
}

interface Known {
  readonly facts: FlowFacts | undefined
  readonly recorded: readonly RecordedFlowMessage[]
  readonly operations: readonly Operation[]
}

/** What each source holds over time: the client, the sources of truth, and what only messages show. */
function holdingsOf(
  run: RecordedRun,
  id: string,
  { facts, recorded, operations }: Known,
): readonly FlowHolding[] {
  const isOffender = [id, ...(facts?.names ?? [])].some((name) => run.offenders.has(name))
  const atClient = operations
    .filter(({ key }) => key === id)
    .flatMap((operation) =>
      attemptsOf(operation).map(({ endMs, result, outcome }): FlowHolding => ({
        source: client,
        atMs: endMs,
        text: outcome === 'unknown' ? `${result}: the client does not know` : result,
      })),
    )
  const held = (facts?.holdings ?? []).map(({ isWrong, ...holding }): FlowHolding =>
    // Only a check says that something is wrong: one that the scenario does not expect has not judged it.
    isWrong === true && isOffender ? { ...holding, isWrong } : holding,
  )
  return [...atClient, ...held, ...shownByMessages(run, id, recorded)].toSorted(
    (a, b) => a.atMs - b.atMs,
  )
}

/** The callee has executed a request when it sends the reply. */
function shownByMessages(
  run: RecordedRun,
  id: string,
  recorded: readonly RecordedFlowMessage[],
): readonly FlowHolding[] {
  const requests = new Map(
    recorded
      .filter(({ message }) => message.part === 'request')
      .map(({ message, event }) => [message.exchange, event]),
  )
  return recorded.flatMap(({ message, event }): readonly FlowHolding[] => {
    const request = requests.get(message.exchange)
    if (message.part !== 'reply' || request === undefined) return []
    const held = run.holdingOf?.({ flow: id, request, reply: event })
    return held === undefined ? [] : [{ ...held, atMs: message.sentMs }]
  })
}

/**
 * The client, the instances that it calls, the stores, the other instances. A message can also lead to a service with replicas: no
 * link shows which of them received it.
 */
function lanesOf(
  topology: Topology,
  names: ReadonlySet<string>,
  messages: FlowRecord['messages'],
): readonly FlowLane[] {
  const entries = entriesOf(topology).map(({ name }) => name)
  const inOrder: readonly FlowLane[] = [
    { name: client, kind: 'client' },
    ...entries.map((name) => ({ name, kind: 'instance' as const })),
    ...withAllProfiles(topology).stores.map(({ name }) => ({ name, kind: 'store' as const })),
    ...topology.instances
      .filter(({ name }) => !entries.includes(name))
      .map(({ name }) => ({ name, kind: 'instance' as const })),
  ]
  const known = new Set(inOrder.map(({ name }) => name))
  const services = new Set(messages.flatMap(({ from, to }) => [from, to])).difference(known)
  return [
    ...inOrder.filter(({ name }) => names.has(name)),
    ...[...services].map((name) => ({ name, kind: 'instance' as const })),
  ]
}

function completeness(
  run: RecordedRun,
  lanes: ReadonlySet<string>,
  toMs: number,
): Pick<FlowRecord, 'isComplete' | 'incompleteBecause'> {
  const { fullMs } = run.recording.head
  if (fullMs !== undefined && runMsOfLinks(run, fullMs) <= toMs)
    return { isComplete: false, incompleteBecause: whenFull(run, fullMs) }
  const opaque = run.events.find(
    (event) => event.type === 'link' && event.what === 'opaque' && isOn(event.link, lanes),
  )
  if (opaque?.type !== 'link') return { isComplete: true }
  const incompleteBecause = `the messages of a connection of ${opaque.link} could not be read`
  return { isComplete: false, incompleteBecause }
}
