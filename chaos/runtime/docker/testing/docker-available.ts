import { execFileSync } from 'node:child_process'

import { describe } from 'vitest'

/** Why the tests that need a Docker engine with Compose cannot run here; undefined where they can. */
function whyNot(): string | undefined {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'pipe' })
    execFileSync('docker', ['info', '--format', '{{.ServerVersion}}'], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'there is no docker command'
      : 'the Docker engine or its Compose plugin does not answer'
  }
}

const reason = whyNot()
if (reason !== undefined && process.env['REQUIRE_DOCKER'] !== undefined)
  throw new Error(`REQUIRE_DOCKER is set, and ${reason}.`)
if (reason !== undefined) console.warn(`Skipped: these tests need Docker, and ${reason}.`)

/** `describe` where there is an engine with Compose; elsewhere its tests are skipped, and the output says why. */
export const describeWithDocker = reason === undefined ? describe : describe.skip
