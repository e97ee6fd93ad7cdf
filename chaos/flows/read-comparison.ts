import type { FlowComparison, FlowRecord } from '#chaos/contracts/flow-record.ts'

import { buildComparison, comparedFlows } from './build-comparison.ts'
import { findFlow, listFlows } from './find-flow.ts'
import type { FlowsInFolder } from './read-recorded-run.ts'

/**
 * The flow with this key, or with this id of the system, next to a fault-free one. Only their messages are found. Throws an
 * InputError for a flow that the run does not have.
 */
export async function readComparison(
  { run, withMessages }: FlowsInFolder,
  wanted: string,
): Promise<FlowRecord | FlowComparison> {
  const { id } = findFlow(listFlows(run).flows, wanted)
  return buildComparison(await withMessages(comparedFlows(run, id)), id)
}
