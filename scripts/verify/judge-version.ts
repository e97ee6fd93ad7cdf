import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { brokenPromise, promisedVerdictOf } from '#chaos/exercise/promised-verdict.ts'
import type { Version } from '#chaos/exercise/version.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { readmeMismatch } from './readme-output.ts'
import type { TaskResult } from './task.ts'

/** Enough for all cases of a sweep: a right version must be good in each. */
const sweepMs = 90_000

/**
 * Runs one version of a lab. The run must have the verdict that the lab states; for the starting version, the README must
 * also show its output.
 */
export async function judgeVersion(
  client: ApiClient,
  lab: Lab,
  version: Version,
): Promise<{ readonly run: RunView; readonly result: TaskResult }> {
  const request = { lab: lab.id, version, sweepMs }
  const run = await awaitLabRun(client, request, systemClock)
  const problem =
    brokenPromise(promisedVerdictOf(lab, version), run) ??
    (version === 'start' ? await readmeMismatch(lab, run.checks) : undefined)
  const result =
    problem === undefined
      ? { ok: true, detail: run.headline ?? '' }
      : { ok: false, detail: `${problem}  ${run.folder} seed ${run.seed}` }
  return { run, result }
}
