import { hostname } from 'node:os'

import { connectEngine, engineStatusOf } from '../engine/connect-engine.ts'
import { sidecarProjectLabel } from '../sidecars/sidecar.ts'
import { createEngineGuard } from './engine-guard.ts'
import type { OwnerOf } from './sidecar-problem.ts'

/**
 * `node chaos/runtime/docker/guard/main.ts`: guards the engine's socket for the Compose project of
 * this container.
 */
const socketPath = '/var/run/docker.sock'
const port = 2375
const projectLabel = 'com.docker.compose.project'

const docker = await connectEngine()
const self = await docker.getContainer(hostname()).inspect()
const name = self.Config.Labels[projectLabel]
const [network] = Object.keys(self.NetworkSettings.Networks)
if (name === undefined || network === undefined)
  throw new Error('The guard must run in a container of a Compose project.')

const ownerOf: OwnerOf = async (id) => {
  try {
    const { Id, Config } = await docker.getContainer(id).inspect()
    if (Id === self.Id) return 'stranger'
    if (Config.Labels[projectLabel] === name) return 'service'
    return Config.Labels[sidecarProjectLabel] === name ? 'sidecar' : 'stranger'
  } catch (error) {
    if (engineStatusOf(error) === 404) return undefined
    throw error
  }
}

const project = { name, image: self.Image, network }
const guard = createEngineGuard({ socketPath, project, ownerOf, log: (text) => console.log(text) })
guard.listen(port, () => console.log(`guarding the engine for project ${name}`))
process.on('SIGTERM', () => process.exit(0))
