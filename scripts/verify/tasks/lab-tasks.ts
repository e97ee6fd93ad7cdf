import type { Lab } from '#chaos/contracts/lab.ts'
import {
  promisedVersions,
  promisedVerdictOf,
  promisedVerdictText,
} from '#chaos/exercise/promised-verdict.ts'
import type { Version } from '#chaos/exercise/version.ts'
import { labs } from '#labs/index.ts'

import { judgeRound } from '../judge-round.ts'
import { judgeVersion } from '../judge-version.ts'
import type { Task } from '../task.ts'
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
    run: async (context) =>
      await judgeRound(context, async (client) => await judgeVersion(client, lab, version)),
  }
}
