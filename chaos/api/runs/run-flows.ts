import type { FlowComparison, FlowList, FlowRecord } from '#chaos/contracts/flow-record.ts'
import type { System } from '#chaos/contracts/system.ts'
import { listFlows } from '#chaos/flows/find-flow.ts'
import { readComparison } from '#chaos/flows/read-comparison.ts'
import { openRecordedRun, type RunPart } from '#chaos/flows/read-recorded-run.ts'

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
  const open = async (run: string, part: RunPart | undefined) => {
    await archive.load(run)
    const folder = archive.folderOf(run)
    return await openRecordedRun({ folder, system, ...(part === undefined ? {} : { part }) })
  }
  return {
    list: async (run, part) => listFlows((await open(run, part)).run),
    get: async (run, flow, part) => await readComparison(await open(run, part), flow),
  }
}
