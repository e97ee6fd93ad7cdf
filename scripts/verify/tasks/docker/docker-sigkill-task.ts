import { createRandom, freshSeed } from '#chaos/lib/random.ts'
import { killContainers } from '#chaos/runtime/docker/testing/kill-containers.ts'

import { contentHash } from '../../content-hash.ts'
import type { Task } from '../../task.ts'

/** SIGKILL of controller, links, guard and command in Docker, one by one and in pairs. Nothing may be left. */
export const dockerSigkillTask: Task = {
  name: 'docker/sigkill',
  expected: 'every fault heals at the end of its lease; nothing is left',
  times: 20,
  hash: async () =>
    await contentHash(
      'docker-compose.yml',
      'docker-compose.hardened.yml',
      'chaos/runtime/docker',
      'chaos/cli/sandbox',
      'chaos/api',
    ),
  run: async ({ round }) => {
    const random = createRandom(freshSeed())
    const { killed, left } = await killContainers(round, random)
    const seed = `seed ${random.seed}`
    if (left.length === 0) return { ok: true, detail: `${killed}; ${seed}` }
    return { ok: false, detail: `${killed}; left: ${left.join(', ')}; ${seed}` }
  },
}
