import { cp } from 'node:fs/promises'
import { join } from 'node:path'

import { systemClock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'
import { startComposeSandbox } from '#chaos/runtime/docker/testing/compose-sandbox.ts'
import { controllerApi } from '#chaos/runtime/docker/testing/controller-api.ts'

import { contentHash } from '../content-hash.ts'
import { openLabSandbox, verifyHome } from '../lab-sandbox.ts'
import { runSoak } from '../soak/run-soak.ts'
import type { Task } from '../task.ts'

const expected =
  'no safety violation under random faults of every kind; everything settles; memory and handles stay flat'

const minutesDefault = { local: 60, docker: 20 }

/** An error of a request may arrive before the end of the controller that caused it. */
const endWaitMs = 2_000

/** Small enough to write down. */
const seedMax = 10_000
const someSeed = (): number => createRandom(freshSeed()).integer(1, seedMax)

/** Random faults in the local runtime. */
export const soakFaultsTask: Task = {
  name: 'soak/faults',
  expected,
  times: 1,
  // A short soak does not prove a longer one, so the hash contains the minutes.
  hash: async ({ minutes = minutesDefault.local }) =>
    `${await contentHash('services', 'chaos', 'scripts/verify/soak')} ${minutes}`,
  run: async ({ signal, minutes = minutesDefault.local, seed = someSeed() }) => {
    await using sandbox = await openLabSandbox(signal)
    try {
      return await runSoak({ client: sandbox.client, minutes, seed, signal })
    } catch (error) {
      const end = await Promise.race([sandbox.ended, systemClock.sleep(endWaitMs, signal)])
      const state =
        end === undefined ? 'runs' : end.inOrder ? 'ended in order' : `ended: ${end.how}`
      throw new Error(`${messageOf(error)}; seed ${seed}; the controller ${state}`, {
        cause: error,
      })
    }
  },
}

/** The runs of a soak in Docker that failed. */
const keptRuns = verifyHome.runs

/** The same in Docker. */
export const dockerSoakTask: Task = {
  name: 'docker/soak',
  expected,
  times: 1,
  hash: async ({ minutes = minutesDefault.docker }) =>
    `${await contentHash('docker-compose.yml', 'services', 'chaos', 'chaos/runtime/docker', 'scripts/verify/soak')} ${minutes}`,
  run: async ({ signal, minutes = minutesDefault.docker, seed = someSeed() }) => {
    await using sandbox = await startComposeSandbox()
    const client = await controllerApi(sandbox, signal)
    const result = await runSoak({ client, minutes, seed, signal })
    // The checkout of the sandbox is a temporary folder.
    if (!result.ok) await cp(join(sandbox.folder, 'runs'), keptRuns, { recursive: true })
    return result
  },
}
