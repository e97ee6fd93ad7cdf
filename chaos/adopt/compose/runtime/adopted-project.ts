import type { Topology } from '#chaos/contracts/topology.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { inspectOrNothing } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type {
  Container,
  ContainerInspection,
  Docker,
} from '#chaos/runtime/docker/engine/connect-engine.ts'
import { controller, dataPlane, projectLabelOf } from '#chaos/runtime/docker/project.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'

import { linksContainerOf } from '../plan/adoption-plan.ts'

/** A container of the user's project that faults can affect. */
export interface AdoptedInstance {
  readonly name: string
  /** Compose's names of it. */
  readonly service: string
  readonly number: number
}

export interface AdoptedProjectParts {
  readonly docker: Docker
  readonly name: string
  /** The image of links and sidecars. */
  readonly image: string
  readonly instances: readonly AdoptedInstance[]
  readonly topology: Topology
}

const serviceLabel = 'com.docker.compose.service'
const numberLabel = 'com.docker.compose.container-number'

/**
 * The containers of one adopted Compose project, for the parts of the Docker runtime: sidecars, events, logs and statuses. It
 * reaches no container of another project, except the links of this one.
 */
export function openAdoptedProject(parts: AdoptedProjectParts): Project {
  const { docker, name, instances, topology } = parts
  const targets = [...instances.map((instance) => instance.name), dataPlane]
  const find = async (target: string): Promise<ContainerInspection | undefined> => {
    if (target === controller) return await sidecarModel(docker, parts.image)
    if (target === dataPlane) return await inspectOrNothing(docker, linksContainerOf(name))
    const instance = instances.find((one) => one.name === target)
    if (instance === undefined) throw unknownName('instance', target, targets)
    const label = [
      projectLabelOf(name),
      `${serviceLabel}=${instance.service}`,
      `${numberLabel}=${instance.number}`,
    ]
    const found = await docker.listContainers({ all: true, filters: { label } })
    const [container] = found.filter(({ Labels }) => Labels['com.docker.compose.oneoff'] !== 'True')
    return container === undefined ? undefined : await inspectOrNothing(docker, container.Id)
  }
  const inspect = async (target: string): Promise<ContainerInspection> => {
    const inspection = await find(target)
    if (inspection !== undefined) return inspection
    throw new InputError(`Compose project "${name}" has no container for "${target}" now.`, {
      remedy: 'Create it: docker compose up --detach',
      status: 409,
    })
  }
  return {
    name,
    topology,
    targets,
    docker,
    find,
    inspect,
    own: async (id) => await ownContainer(docker, name, id),
    container: async (target) => docker.getContainer((await inspect(target)).Id),
    instanceOf: (labels) =>
      instances.find(
        (one) =>
          one.service === labels[serviceLabel] &&
          String(one.number) === labels[numberLabel] &&
          labels['com.docker.compose.oneoff'] !== 'True',
      )?.name,
  }
}

async function ownContainer(docker: Docker, project: string, id: string): Promise<Container> {
  const container = docker.getContainer(id)
  const { Config } = await container.inspect()
  if (Config.Labels['com.docker.compose.project'] === project) return container
  throw new InputError(
    `Container "${id}" does not belong to project "${project}". It was left unchanged.`,
    { status: 403 },
  )
}

/** Sidecars are made like the controller's container. Here the controller has none: this is what they would take from it. */
async function sidecarModel(docker: Docker, image: string): Promise<ContainerInspection> {
  const { socketPath = '/var/run/docker.sock' } = docker.modem as {
    // A function where DOCKER_HOST is not set: it looks for the socket.
    socketPath?: string | (() => Promise<string>)
  }
  const socket = typeof socketPath === 'string' ? socketPath : await socketPath()
  const model = {
    Image: image,
    Config: { Env: [] },
    Mounts: [{ Source: socket, Destination: '/var/run/docker.sock' }],
  }
  return model as unknown as ContainerInspection
}
