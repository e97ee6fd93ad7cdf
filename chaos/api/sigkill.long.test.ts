import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { killAtRandomMoment } from './testing/kill-at-random-moment.ts'

// Odd rounds kill the controller. `npm run verify -- --only sigkill` runs twenty rounds.

test.for([1, 2])(
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
