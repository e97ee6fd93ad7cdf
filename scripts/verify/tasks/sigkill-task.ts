import { killAtRandomMoment } from '#chaos/api/testing/kill-at-random-moment.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { contentHash } from '../content-hash.ts'
import type { Task } from '../task.ts'

/** SIGKILL of each process that owns a part of a sandbox, and of each pair, at a random moment. Nothing may be left. */
export const sigkillTask: Task = {
  name: 'sigkill/random-moment',
  expected: 'nothing is left after 10 s, and no fault is active after its lease',
  times: 50,
  hash: async () =>
    contentHash(
      'chaos/runtime/local',
      'chaos/api',
      'chaos/api/testing/kill-at-random-moment.ts',
      'chaos/cli/sandbox',
    ),
  run: async ({ round, signal }) => {
    const random = createRandom(freshSeed())
    const { killed, left } = await killAtRandomMoment({ round, random, clock: systemClock, signal })
    const seed = `seed ${random.seed}`
    if (left.length === 0) return { ok: true, detail: `${killed}; ${seed}` }
    return { ok: false, detail: `${killed}; left: ${left.join(', ')}; ${seed}` }
  },
}
