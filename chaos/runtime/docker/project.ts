import { hostname } from 'node:os'

import { withAllProfiles } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { inspectOrNothing } from './engine/connect-engine.ts'
import type { Container, Docker, ContainerInspection } from './engine/connect-engine.ts'

/** Compose's own labels: they name the project and the service of a container. */
const projectLabel = 'com.docker.compose.project'
const serviceLabel = 'com.docker.compose.service'

/** Name of the data plane's container. */
export const dataPlane = 'links'
/** Name of the controller's container. */
export const controller = 'chaos'

/** The containers of one Compose project. This folder reaches containers only through it. */
export interface Project {
  readonly name: string
  readonly topology: Topology
  /** Every container that the runtime may start, stop or break: instances, stores and the data plane. */
  readonly targets: readonly string[]
  /** For sidecars. */
  readonly docker: Docker
  /**
   * The container of one of {@link targets} or of the controller. Throws {@link InputError} for any
   * other name.
   */
  container(service: string): Promise<Container>
  inspect(service: string): Promise<ContainerInspection>
  /** Like inspect, but undefined where Compose has not created the container. */
  find(service: string): Promise<ContainerInspection | undefined>
  /** The instance that a container is, from its labels; undefined: none of {@link targets}. */
  instanceOf(labels: Readonly<Record<string, string>>): string | undefined
  /** A container by id or name. Throws {@link InputError} unless it belongs to this project. */
  own(id: string): Promise<Container>
}

/** `name`: the Compose project; by default that of the container that runs this process. */
export async function openProject(
  docker: Docker,
  topology: Topology,
  name?: string,
): Promise<Project> {
  const project = name ?? (await ownProject(docker))
  const { instances, stores } = withAllProfiles(topology)
  const targets = [...[...instances, ...stores].map((part) => part.name), dataPlane]
  const ids = new Map<string, string>()

  const own = async (id: string): Promise<Container> => {
    const container = docker.getContainer(id)
    const { Config } = await container.inspect()
    const owner = Config.Labels[projectLabel]
    if (owner === project) return container
    throw new InputError(
      `Container "${id}" belongs to ${owner === undefined ? 'no Compose project' : `project "${owner}"`}, not to "${project}". It was left unchanged.`,
      { status: 403 },
    )
  }

  const find = async (service: string): Promise<ContainerInspection | undefined> => {
    if (service !== controller && !targets.includes(service))
      throw unknownName('instance', service, targets)
    const known = ids.get(service)
    if (known !== undefined) {
      const inspection = await inspectOrNothing(docker, known)
      if (inspection !== undefined) return inspection
    }
    // Compose gives a container a new id each time it creates it.
    const label = [`${projectLabel}=${project}`, `${serviceLabel}=${service}`]
    const [found] = await docker.listContainers({ all: true, filters: { label } })
    if (found === undefined) return undefined
    ids.set(service, found.Id)
    return await inspectOrNothing(docker, found.Id)
  }

  const inspect = async (service: string): Promise<ContainerInspection> => {
    const inspection = await find(service)
    if (inspection !== undefined) return inspection
    throw new InputError(`Compose project "${project}" has no container for "${service}".`, {
      remedy: 'Create it: docker compose up --detach',
      status: 409,
    })
  }

  return {
    name: project,
    topology,
    targets,
    docker,
    own,
    find,
    instanceOf: ({ [serviceLabel]: service }) =>
      service !== undefined && targets.includes(service) ? service : undefined,
    inspect,
    container: async (service) => await own((await inspect(service)).Id),
  }
}

/** The label by which the engine filters events and lists. */
export function projectLabelOf(project: string): string {
  return `${projectLabel}=${project}`
}

async function ownProject(docker: Docker): Promise<string> {
  // The host name of a container is the beginning of its id.
  const self = await inspectOrNothing(docker, hostname())
  const name = self?.Config.Labels[projectLabel]
  if (name !== undefined) return name
  throw new InputError('This process does not run in a container of a Compose project.', {
    remedy: 'Start the sandbox: docker compose up',
  })
}
