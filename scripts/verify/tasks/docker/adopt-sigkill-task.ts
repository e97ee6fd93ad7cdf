import { startForeignProject } from '#chaos/adopt/compose/testing/foreign-project.ts'
import { killWhileAdopted } from '#chaos/adopt/compose/testing/kill-while-adopted.ts'
import { linksImage } from '#chaos/adopt/compose/testing/links-image.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { contentHash } from '../../content-hash.ts'
import type { Task } from '../../task.ts'

/** A published port that no other test uses. */
const port = 18_433

/** SIGKILL of controller, links, and both, at a random moment while a Compose project is adopted. */
export const adoptSigkillTask: Task = {
  name: 'adopt/sigkill',
  expected: 'new connections reach the real stores within 5 s; after release, nothing is left',
  times: 20,
  hash: async () =>
    await contentHash(
      'chaos/adopt/compose',
      'chaos/cli/adopt',
      'chaos/proxy',
      'chaos/runtime/docker',
    ),
  run: async ({ round, shared }) => {
    const random = createRandom(freshSeed())
    const foreign = await shared.get(
      'foreign project',
      async () => await startForeignProject(linksImage(), port),
    )
    const { killed, reachedAfterMs, wrong } = await killWhileAdopted(foreign, round, random)
    const reached = `reached after ${Math.round(reachedAfterMs)} ms`
    const detail = `${killed}; ${wrong.length === 0 ? reached : wrong.join('; ')}; seed ${random.seed}`
    return { ok: wrong.length === 0, detail }
  },
}
