import { hostname } from 'node:os'

import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { instances, stores } from '#services/topology.ts'

import { statusOf } from './engine/connect-engine.ts'
import type { Container, Docker, Inspection } from './engine/connect-engine.ts'

/** Compose's own labels: they say whose a container is. */
const projectLabel = 'com.docker.compose.project'
const serviceLabel = 'com.docker.compose.service'

/** The name of the data plane's container. */
export const links = 'links'
/** The name of the controller's container. */
export const controller = 'chaos'

/** Everything that the runtime may be asked to start, stop or break. */
export const targets: readonly string[] = [
  ...instances.map((instance) => instance.name),
  ...stores.map((store) => store.name),
  links,
]

/** The containers of one Compose project. Nothing in this folder reaches a container in any other way. */
export interface Project {
  readonly name: string
  /** What is given to sidecars. */
  readonly docker: Docker
  /** The container of one of {@link targets} or of the controller. Throws for any other name. */
  container(service: string): Promise<Container>
  inspect(service: string): Promise<Inspection>
  /** The same, but undefined where Compose has not made the container. */
  find(service: string): Promise<Inspection | undefined>
  /** A container by id or name. Throws unless it belongs to this project. */
  own(id: string): Promise<Container>
}

/** `name`: of the Compose project; by default that of the container we run in. */
export async function openProject(docker: Docker, name?: string): Promise<Project> {
  const project = name ?? (await ownProject(docker))
  const ids = new Map<string, string>()

  const own = async (id: string): Promise<Container> => {
    const container = docker.getContainer(id)
    const { Config } = await container.inspect()
    const owner = Config.Labels[projectLabel]
    if (owner === project) return container
    throw new InputError(
      `Container "${id}" belongs to ${owner === undefined ? 'no Compose project' : `project "${owner}"`}, not to "${project}": nothing was done to it.`,
      { status: 403 },
    )
  }

  const find = async (service: string): Promise<Inspection | undefined> => {
    if (service !== controller && !targets.includes(service))
      throw unknownName('instance', service, targets)
    const known = ids.get(service)
    if (known !== undefined) {
      const inspection = await inspectOrNothing(docker, known)
      if (inspection !== undefined) return inspection
    }
    // Compose gives a container another id whenever it makes it anew.
    const label = [`${projectLabel}=${project}`, `${serviceLabel}=${service}`]
    const [found] = await docker.listContainers({ all: true, filters: { label } })
    if (found === undefined) return undefined
    ids.set(service, found.Id)
    return await inspectOrNothing(docker, found.Id)
  }

  const inspect = async (service: string): Promise<Inspection> => {
    const inspection = await find(service)
    if (inspection !== undefined) return inspection
    throw new InputError(`Compose project "${project}" has no container for "${service}".`, {
      remedy: 'Make it: docker compose up --detach',
      status: 409,
    })
  }

  return {
    name: project,
    docker,
    own,
    find,
    inspect,
    container: async (service) => await own((await inspect(service)).Id),
  }
}

/** The label that the engine filters events and lists by. */
export function labelOf(project: string): string {
  return `${projectLabel}=${project}`
}

/** Compose's name of the service, from a container's labels. */
export function serviceOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels[serviceLabel]
}

async function ownProject(docker: Docker): Promise<string> {
  // The host name of a container is the beginning of its id.
  const self = await inspectOrNothing(docker, hostname())
  const name = self?.Config.Labels[projectLabel]
  if (name !== undefined) return name
  throw new InputError('This process runs in no container of a Compose project.', {
    remedy: 'Start the sandbox with: docker compose up',
  })
}

async function inspectOrNothing(docker: Docker, id: string): Promise<Inspection | undefined> {
  try {
    return await docker.getContainer(id).inspect()
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}
