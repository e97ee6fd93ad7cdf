import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { brokenPromise, promisedVerdictOf } from '#chaos/exercise/promised-verdict.ts'
import type { Version } from '#chaos/exercise/version.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { judgedRun } from './judge-round.ts'
import type { JudgedRun } from './judge-round.ts'
import { readmeMismatch } from './readme-output.ts'

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
): Promise<JudgedRun> {
  const request = { lab: lab.id, version, sweepMs }
  const run = await awaitLabRun(client, request, systemClock)
  const problem =
    brokenPromise(promisedVerdictOf(lab, version), run) ??
    (version === 'start' ? await readmeMismatch(lab, run.checks) : undefined)
  return judgedRun(run, problem)
}
