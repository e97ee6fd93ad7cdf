import { InputError } from '#chaos/lib/errors.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

import { stateOfController } from './adoption-controller.ts'
import type { AdoptionController } from './adoption-controller.ts'
import { findOwned } from './owned.ts'
import type { Owner } from './owned.ts'

/** A project that has parts of an adoption now. */
export interface FoundAdoption {
  readonly project: string
  /** Why its parts must stay. Undefined: its controller is gone, so they are leftovers. */
  readonly living: LivingAdoption | undefined
}

/** An adoption that only its own controller may end. */
export interface LivingAdoption {
  readonly project: string
  /** Undefined: another version created it. */
  readonly controller: AdoptionController | undefined
  /** False: whether the controller lives cannot be seen from here, but its links run. */
  readonly certain: boolean
  /** Containers that run. */
  readonly containers: readonly string[]
}

/**
 * The adoptions on this engine, of every home. One is alive while its controller is. Where that cannot be seen, it is alive while its
 * links run. `owner` absent: those of every project.
 */
export async function findAdoptions(
  docker: Docker,
  owner?: Owner,
): Promise<readonly FoundAdoption[]> {
  const { networks, containers } = await findOwned(docker, owner)
  const projects = Map.groupBy([...networks, ...containers], ({ project }) => project)
  return await Promise.all(
    [...projects].map(async ([project, parts]) => {
      const running = containers.filter((one) => one.project === project && one.running)
      const names = running.map(({ name }) => name)
      let living: LivingAdoption | undefined
      for (const { controller } of parts) {
        const state = await stateOfController(controller)
        const counts = state === 'lives' || (state === 'unknown' && running.length > 0)
        if (counts && living?.certain !== true)
          living = { project, controller, certain: state === 'lives', containers: names }
      }
      return { project, living }
    }),
  )
}

/** Throws {@link InputError} while a controller keeps an adoption of the project. */
export async function refuseLiving(docker: Docker, project: string): Promise<void> {
  for (const { living } of await findAdoptions(docker, { project }))
    if (living !== undefined) throw livingError(living)
}

/** What keeps a project adopted, and how to end it. */
export function livingError({
  project,
  controller,
  certain,
  containers,
}: LivingAdoption): InputError {
  const remove = `docker rm --force ${containers.join(' ')}   then: unhappy release`
  if (controller === undefined)
    return new InputError(
      `Project ${project} is adopted, and no label says by which controller: its links run.`,
      {
        remedy: `Release it where it was adopted. If its controller is gone: ${remove}`,
        status: 409,
      },
    )
  const { pid, folder, home } = controller
  const release = `UNHAPPY_HOME=${home} unhappy release`
  if (certain)
    return new InputError(
      `Project ${project} is adopted by a controller that runs: process ${pid}, started in ${folder}.`,
      { remedy: `Release it with its own home: ${release}`, status: 409 },
    )
  return new InputError(
    `Project ${project} is adopted by process ${pid}, started in ${folder}. It belongs to another container or machine, and its links run.`,
    {
      remedy: `Release it there: ${release}   If it is gone: ${remove}`,
      status: 409,
    },
  )
}
