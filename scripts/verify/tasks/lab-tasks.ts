import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import {
  promisedVersions,
  promisedVerdictOf,
  promisedVerdictText,
} from '#chaos/exercise/promised-verdict.ts'
import type { Version } from '#chaos/exercise/version.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { labs } from '#labs/index.ts'

import { judgeVersion } from '../judge-version.ts'
import { openLabSandbox } from '../lab-sandbox.ts'
import type { Task, TaskContext, TaskResult } from '../task.ts'
import { variantsPath, versionHash } from '../version-hash.ts'

/** Every version of every lab. */
export function labTasks(): readonly Task[] {
  return labs.flatMap((lab) => promisedVersions(lab).map((version) => labTask(lab, version)))
}

function labTask(lab: Lab, version: Version): Task {
  const promised = promisedVerdictOf(lab, version)
  return {
    name: `labs/${lab.id}/${version}`,
    expected: promisedVerdictText(promised),
    sideBySide: true,
    hash: async () =>
      `${await versionHash(lab, version, ...variantsPath(lab))} ${promisedVerdictText(promised)}`,
    run: async (context) => judgeOnce(lab, version, context),
  }
}

async function judgeOnce(
  lab: Lab,
  version: Version,
  { shared, signal }: TaskContext,
): Promise<TaskResult> {
  const sandbox = await shared.get('sandbox', async () => await openLabSandbox(signal))
  const { run, result } = await judgeVersion(sandbox.client, lab, version)
  // A failed run can leave a broken sandbox. The next round gets a new one.
  if (run.outcome === null) await shared.drop('sandbox')
  if (result.ok) await rm(join(projectRoot, run.folder), { recursive: true, force: true })
  return result
}
