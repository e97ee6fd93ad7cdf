import type { FlowComparison, FlowList, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { System } from '#chaos/contracts/system.ts'
import { buildComparison } from '#chaos/flows/build-comparison.ts'
import { findFlow, listFlows } from '#chaos/flows/find-flow.ts'
import { readRecordedRun, type RunPart } from '#chaos/flows/read-recorded-run.ts'

import type { RunArchive } from './run-archive.ts'

/** The flows of past runs. Methods throw an {@link InputError} for a run or a flow that does not exist. */
export interface RunFlows {
  list(run: string, part?: RunPart): Promise<FlowList>
  /** Alone, if the run has no fault-free flow to compare with. */
  get(run: string, flow: string, part?: RunPart): Promise<FlowRecord | FlowComparison>
}

export function createRunFlows(
  archive: Pick<RunArchive, 'folderOf' | 'load'>,
  system: Pick<System, 'topology' | 'flowView'>,
): RunFlows {
  const read = async (run: string, part: RunPart | undefined) => {
    await archive.load(run)
    const folder = archive.folderOf(run)
    return await readRecordedRun({ folder, system, ...(part === undefined ? {} : { part }) })
  }
  return {
    list: async (run, part) => listFlows(await read(run, part)),
    get: async (run, flow, part) => {
      const recorded = await read(run, part)
      const { id } = findFlow(listFlows(recorded).flows, flow)
      return buildComparison(recorded, id)
    },
  }
}
