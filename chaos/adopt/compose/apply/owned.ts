import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

/** Label of every network and container that an adoption creates. Its value is the Compose project. */
export const adoptionLabel = 'unhappy-path.adopted'

/** The labels of something that belongs to the adoption of a project. */
export function ownedBy(project: string): Readonly<Record<string, string>> {
  return { [adoptionLabel]: project }
}

export interface OwnedParts {
  /** Networks with the ids of the containers that are on them. */
  readonly networks: readonly {
    readonly id: string
    readonly name: string
    readonly project: string
  }[]
  readonly containers: readonly {
    readonly id: string
    readonly name: string
    readonly project: string
    readonly running: boolean
  }[]
}

/** What adoptions have created and not removed. `project` absent: of every project. */
export async function findOwned(docker: Docker, project?: string): Promise<OwnedParts> {
  const label = project === undefined ? adoptionLabel : `${adoptionLabel}=${project}`
  const [networks, containers] = await Promise.all([
    docker.listNetworks({ filters: { label: [label] } }),
    docker.listContainers({ all: true, filters: { label: [label] } }),
  ])
  return {
    networks: networks.map(({ Id, Name, Labels }) => ({
      id: Id,
      name: Name,
      project: Labels?.[adoptionLabel] ?? '',
    })),
    containers: containers.map(({ Id, Names, Labels, State }) => ({
      id: Id,
      name: Names[0]?.replace(/^\//, '') ?? Id,
      project: Labels[adoptionLabel] ?? '',
      running: State === 'running',
    })),
  }
}
