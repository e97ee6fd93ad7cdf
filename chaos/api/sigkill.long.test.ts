import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom, freshSeed } from '#chaos/lib/random.ts'

import { killAtRandomMoment } from './testing/kill-at-random-moment.ts'

// Links; command and keeper; controller and keeper. `npm run verify -- --only sigkill` tries every combination.

test.for([4, 6, 9])(
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
