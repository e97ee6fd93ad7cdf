import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import { judgeIncident } from '../../incidents/judge-incident.ts'
import { readIncidents } from '../../incidents/read-incidents.ts'
import type { IncidentRun } from '../../incidents/read-incidents.ts'
import { contentHash } from '../content-hash.ts'
import { openLabSandbox } from '../lab-sandbox.ts'
import type { Task, TaskContext, TaskResult } from '../task.ts'

/** Every run that the pages of docs/incidents show: the verdict must be the one on the page. */
export const incidentTasks: readonly Task[] = readIncidents().flatMap(({ name, runs }) =>
  runs.map((shown, i) => ({
    name: `incidents/${name}/${i === 0 ? 'shop' : `naive${i === 1 ? '' : `-${i}`}`}`,
    expected: shown.fails === undefined ? shown.outcome : `${shown.outcome} (${shown.fails})`,
    times: 3,
    sideBySide: true,
    hash: async () =>
      `${await contentHash('services', 'chaos', shown.scenario, ...codeOf(shown))} ${shown.fails ?? ''}`,
    run: async (context: TaskContext) => await judgeOnce(shown, context),
  })),
)

function codeOf({ exercise }: IncidentRun): readonly string[] {
  return exercise === undefined ? [] : [exercise]
}

async function judgeOnce(shown: IncidentRun, { shared, signal }: TaskContext): Promise<TaskResult> {
  const sandbox = await shared.get('sandbox', async () => await openLabSandbox(signal))
  const { run, problem } = await judgeIncident(sandbox.client, shown)
  // A failed run can leave a broken sandbox. The next round gets a new one.
  if (run.outcome === null) await shared.drop('sandbox')
  if (problem !== undefined)
    return { ok: false, detail: `${problem}  ${run.folder} seed ${run.seed}` }
  await rm(join(projectRoot, run.folder), { recursive: true, force: true })
  return { ok: true, detail: run.headline ?? '' }
}
