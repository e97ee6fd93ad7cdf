import {
  promisedVersions,
  promisedVerdictOf,
  promisedVerdictText,
} from '#chaos/exercise/promised-verdict.ts'
import { startComposeSandbox } from '#chaos/runtime/docker/testing/compose-sandbox.ts'
import { controllerApi } from '#chaos/runtime/docker/testing/controller-api.ts'
import { labs } from '#labs/index.ts'

import { judgeVersion } from '../../judge-version.ts'
import type { Task } from '../../task.ts'
import { variantsPath, versionHash } from '../../version-hash.ts'

/** Every version of every lab in the sandbox of `docker compose up`. Verdicts must be the same as in plain processes. */
export const dockerLabTasks: readonly Task[] = labs.flatMap((lab) =>
  promisedVersions(lab).map((version): Task => ({
    name: `docker-labs/${lab.id}/${version}`,
    expected: promisedVerdictText(promisedVerdictOf(lab, version)),
    times: 2,
    sideBySide: true,
    hash: async () => await versionHash(lab, version, 'docker-compose.yml', ...variantsPath(lab)),
    run: async ({ shared, signal }) => {
      const sandbox = await shared.get('docker', async () => await startComposeSandbox())
      const client = await controllerApi(sandbox, signal)
      const { run, result } = await judgeVersion(client, lab, version)
      if (run.outcome === null) await shared.drop('docker')
      return result
    },
  })),
)
