import type { Flow, FlowResult } from '#chaos/contracts/system/flow.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

import type { ObservedFlow } from '../observe-flow.ts'
import { slowMs } from '../planning/patience.ts'
import { serviceLinkOf } from '../services.ts'
import { isBad } from './cell-results.ts'

export interface JudgedFlow {
  readonly flow: Flow
  readonly observed: ObservedFlow
  /** The run had exchanges that a run without a fault does not have. */
  readonly retried: boolean
  readonly topology: Topology
}

/** Decides the result of one run: what the flow's own judge says, and what every flow must do. */
export function flowResult(judged: JudgedFlow): FlowResult {
  const { flow, observed, retried } = judged
  const own = flow.judge(observed)
  if (isBad(own.result)) return own
  if (observed.settledAfterMs === null && flow.readOnly !== true) return notSettled(own)
  if (own.result === 'ok-rejected' || own.result === 'ok-indeterminate')
    return needless(judged, own) ?? own
  if (own.result !== 'ok') return own
  // A user's flow says itself how long it may take.
  if (flow.source === undefined && observed.doneAfterMs > slowMs)
    return { ...own, result: 'ok-slow' }
  return retried ? { ...own, result: 'ok-retried' } : own
}

function notSettled(own: FlowResult): FlowResult {
  const violation = { invariant: 'the flow settles', expected: 'settled', actual: 'not settled' }
  return { ...own, result: 'stuck', violations: [violation] }
}

/** The fault hit a message that the flow can do without, and its caller did not die. */
function needless(
  { flow, observed: { sprung, restarts, ack }, topology }: JudgedFlow,
  own: FlowResult,
): FlowResult | undefined {
  const link = sprung?.event.link
  if (link === undefined) return undefined
  const optional = serviceLinkOf(link, topology)
  const [caller = ''] = link.split(':')
  if (flow.optionalLinks?.includes(optional) !== true || restarts.includes(caller)) return undefined
  const actual = ack.attempts.map(({ result }) => result).join(', then ')
  const violation = {
    invariant: `the customer receives a success response without ${optional}`,
    expected: 'success',
    actual,
  }
  return { ...own, result: 'unserved', violations: [violation] }
}
