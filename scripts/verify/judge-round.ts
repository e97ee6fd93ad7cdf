import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { openLabSandbox } from './lab-sandbox.ts'
import type { TaskContext, TaskResult } from './task.ts'

export interface JudgedRun {
  readonly run: RunView
  readonly result: TaskResult
}

/** The result of a run. `problem`: how it differs from what was promised. */
export function judgedRun(
  run: RunView,
  problem: string | undefined,
  detail = run.headline ?? '',
): JudgedRun {
  const result =
    problem === undefined
      ? { ok: true, detail }
      : { ok: false, detail: `${problem}  ${run.folder} seed ${run.seed}` }
  return { run, result }
}

/** One run in the sandbox that the tasks share. The folder of a run as promised is removed. */
export async function judgeRound(
  { shared, signal }: TaskContext,
  judge: (client: ApiClient) => Promise<JudgedRun>,
): Promise<TaskResult> {
  const sandbox = await shared.get('sandbox', async () => await openLabSandbox(signal))
  const { run, result } = await judge(sandbox.client)
  // A failed run can leave a broken sandbox. The next round gets a new one.
  if (run.outcome === null) await shared.drop('sandbox')
  if (result.ok) await rm(join(projectRoot, run.folder), { recursive: true, force: true })
  return result
}
