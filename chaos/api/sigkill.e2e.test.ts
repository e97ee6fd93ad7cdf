import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { killAtRandomMoment } from './testing/kill-at-random-moment.ts'

// One random moment per run. sigkill.long.test.ts tries more, `npm run verify -- --only sigkill` tries fifty.

test.for([0])(
  'SIGKILL at a random moment leaves no process, port, folder or file (%i)',
  async (round) => {
    const random = createRandom(freshSeed())
    const { killed, left } = await killAtRandomMoment({
      round,
      random,
      clock: systemClock,
      signal: new AbortController().signal,
    })
    expect({ killed, seed: random.seed, left }).toMatchObject({ left: [] })
  },
)
