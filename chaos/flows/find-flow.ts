import type { FlowList, FlowSummary } from '#chaos/contracts/flow-record.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { editDistance, InputError } from '#chaos/lib/errors.ts'

import { type RunOfFlows, runMsOfLinks } from './recorded-run.ts'

const nearMax = 5

/** The flows of a run, in the sequence in which they began. No message is needed for that. */
export function listFlows(run: RunOfFlows): FlowList {
  const facts = new Map(run.facts.map((one) => [one.id, one]))
  const flows = [...operationsByKey(run.operations)].map(([id, operations]): FlowSummary => {
    const { title = id, names = [], result } = facts.get(id) ?? {}
    return {
      id,
      title,
      names,
      result: result ?? operations.map(({ answer, outcome }) => answer ?? outcome).join(', '),
      atMs: Math.min(...operations.map(({ startMs }) => startMs)),
      isFailing: [id, ...names].some((name) => run.offenders.has(name)),
    }
  })
  const { fullMs } = run.recording.head
  return {
    flows: flows.toSorted((a, b) => a.atMs - b.atMs),
    isComplete: fullMs === undefined,
    ...(fullMs === undefined ? {} : { incompleteBecause: whenFull(run, fullMs) }),
  }
}

/** Why messages are missing. */
export function whenFull(run: RunOfFlows, fullMs: number): string {
  const { missed } = run.recording.head
  const at = (runMsOfLinks(run, fullMs) / 1_000).toFixed(3)
  return `the recording was full at ${at} s: ${missed} later messages are missing`
}

/** The operations of each flow: those with the client's key. */
function operationsByKey(
  operations: readonly Operation[],
): ReadonlyMap<string, readonly Operation[]> {
  const keyed = operations.filter(({ key }) => key !== undefined)
  return Map.groupBy(keyed, ({ key }) => key ?? '')
}

/** The flow with this key, or with this id of the system. Throws an {@link InputError} with the nearest ones. */
export function findFlow(flows: readonly FlowSummary[], wanted: string): FlowSummary {
  const found = flows.find(({ id, names }) => id === wanted || names.includes(wanted))
  if (found !== undefined) return found
  const near = flows
    .toSorted((a, b) => editDistance(a.id, wanted) - editDistance(b.id, wanted))
    .slice(0, nearMax)
    .map(({ id }) => id)
  throw new InputError(`The run has no flow "${wanted.slice(0, 80)}".`, {
    remedy: near.length === 0 ? 'The run has none.' : `The nearest ones: ${near.join(', ')}.`,
    status: 404,
  })
}
