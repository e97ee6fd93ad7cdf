import { describe } from 'vitest'

import { whyNoDocker } from './why-no-docker.ts'

const reason = whyNoDocker()
if (reason !== undefined && process.env['REQUIRE_DOCKER'] !== undefined)
  throw new Error(`REQUIRE_DOCKER is set, and ${reason}.`)
if (reason !== undefined) console.warn(`Skipped: these tests need Docker, and ${reason}.`)

/** `describe` where there is an engine with Compose; elsewhere its tests are skipped, and the output says why. */
export const describeWithDocker = reason === undefined ? describe : describe.skip
