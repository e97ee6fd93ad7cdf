import { readFile } from 'node:fs/promises'

import type { RunView } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { LabRecord } from '#chaos/exercise/lab-record.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'

import type { RunControl } from '../controller.ts'

/** Content of `export.json`: one run in one file. */
export interface ExportedRun {
  readonly v: 1
  readonly kind: 'run'
  readonly run: RunView
  readonly scenario: string
  readonly journal: readonly SandboxEvent[]
  readonly history: readonly Operation[]
  /** With the learner's own code: what the learner did in the lab. */
  readonly learner?: LabRecord
}

/** Collects record, verdict, scenario, journal and history of a run. A missing file is empty in the result. */
export async function exportRun(
  runs: Pick<RunControl, 'get' | 'journal' | 'file'>,
  id: string,
  recordOf?: (lab: string) => Promise<LabRecord>,
): Promise<ExportedRun> {
  const run = await runs.get(id)
  const text = async (name: string): Promise<string> =>
    run.files.includes(name) ? await readFile(await runs.file(id, name), 'utf8') : ''
  const [scenario, history] = await Promise.all([text('scenario.yaml'), text('history.jsonl')])
  return {
    v: 1,
    kind: 'run',
    run,
    scenario,
    journal: await runs.journal(id, 0),
    history: parseJsonLines(history) as Operation[],
    ...(await learnerOf(run, recordOf)),
  }
}

async function learnerOf(
  { lab, version = 'mine' }: RunView,
  recordOf: ((lab: string) => Promise<LabRecord>) | undefined,
): Promise<{ readonly learner?: LabRecord }> {
  if (lab === undefined || version !== 'mine' || recordOf === undefined) return {}
  // A lab or a file that is gone does not keep the run from being exported.
  const learner = await recordOf(lab).catch(() => undefined)
  return learner === undefined ? {} : { learner }
}
