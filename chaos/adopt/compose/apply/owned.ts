import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { readController } from './adoption-controller.ts'
import type { AdoptionController } from './adoption-controller.ts'

/** Label of every network and container that an adoption creates. Its value is the Compose project. */
const adoptionLabel = 'unhappy-path.adopted'

/** Label with the id of one adoption: a controller removes only its own. */
const idLabel = 'unhappy-path.adoption'

/** Label with its {@link AdoptionController}: whether an adoption is alive can be read by any process that reaches the engine. */
const controllerLabel = 'unhappy-path.controller'

/** One adoption of a project. Without an id: all of them. */
export interface Owner {
  readonly project: string
  readonly id?: string
}

/** The adoption of this controller. */
export interface OwnAdoption extends Required<Owner> {
  readonly controller: AdoptionController
}

/** The labels of something that belongs to an adoption. */
export function ownedBy({
  project,
  id,
  controller,
}: OwnAdoption): Readonly<Record<string, string>> {
  return {
    [adoptionLabel]: project,
    [idLabel]: id,
    [controllerLabel]: JSON.stringify(controller),
  }
}

export interface OwnedParts {
  /** Networks with the ids of the containers that are on them. */
  readonly networks: readonly {
    readonly id: string
    readonly name: string
    readonly project: string
    readonly controller: AdoptionController | undefined
  }[]
  readonly containers: readonly {
    readonly id: string
    readonly name: string
    readonly project: string
    readonly controller: AdoptionController | undefined
    readonly running: boolean
  }[]
}

/** What adoptions have created and not removed. `owner` absent: those of every project. */
export async function findOwned(docker: Docker, owner?: Owner): Promise<OwnedParts> {
  const label = owner === undefined ? [adoptionLabel] : [`${adoptionLabel}=${owner.project}`]
  if (owner?.id !== undefined) label.push(`${idLabel}=${owner.id}`)
  const [networks, containers] = await Promise.all([
    docker.listNetworks({ filters: { label } }),
    docker.listContainers({ all: true, filters: { label } }),
  ])
  return {
    networks: networks.map(({ Id, Name, Labels }) => ({
      id: Id,
      name: Name,
      project: Labels?.[adoptionLabel] ?? '',
      controller: readController(Labels?.[controllerLabel]),
    })),
    containers: containers.map(({ Id, Names, Labels, State }) => ({
      id: Id,
      name: Names[0]?.replace(/^\//, '') ?? Id,
      project: Labels[adoptionLabel] ?? '',
      controller: readController(Labels[controllerLabel]),
      running: State === 'running',
    })),
  }
}
