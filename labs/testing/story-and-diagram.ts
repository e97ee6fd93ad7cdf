import { join } from 'node:path'

import type { RunView } from '#chaos/contracts/api.ts'
import { disagreements } from '#chaos/flows/disagreements.ts'
import { findFlow, listFlows } from '#chaos/flows/find-flow.ts'
import { buildFlowRecord } from '#chaos/flows/flow-record.ts'
import { readRecordedRun } from '#chaos/flows/read-recorded-run.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'

/**
 * The lines of the run's story that the diagram of its order does not show at the same time. Undefined: the run has no story
 * about an order, so there is nothing to compare.
 */
export async function disagreementsOfRun({
  folder,
  verdict,
}: Pick<RunView, 'folder' | 'verdict'>): Promise<readonly string[] | undefined> {
  const story = verdict?.story
  // Not `order read #265`, which is about a request.
  const order = /^order (\S+)$/.exec(story?.about ?? '')?.[1]
  if (story === undefined || order === undefined) return undefined
  const run = await readRecordedRun({ folder: join(projectRoot, folder), system })
  const { id } = findFlow(listFlows(run).flows, order)
  return disagreements(story, buildFlowRecord(run, id))
}
