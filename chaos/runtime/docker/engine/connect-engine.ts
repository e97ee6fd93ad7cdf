import Docker from 'dockerode'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

export type { Docker }
export type Container = Docker.Container
export type ContainerInspection = Docker.ContainerInspectInfo

/**
 * Opens the engine's socket (`DOCKER_HOST`, else /var/run/docker.sock) and checks that the engine
 * answers. Throws {@link InputError} when it does not.
 */
export async function connectEngine(): Promise<Docker> {
  const docker = new Docker()
  try {
    await docker.ping()
  } catch (error) {
    throw new InputError(`The Docker engine does not answer: ${messageOf(error)}.`, {
      remedy: 'Start Docker, or set DOCKER_HOST to the socket of your engine. See docs/docker.md.',
    })
  }
  return docker
}

/** The HTTP status of the engine's refusal; undefined for any other error. */
export function engineStatusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : undefined
}

/** A container by id or name; undefined if there is none. */
export async function inspectOrNothing(
  docker: Docker,
  id: string,
): Promise<ContainerInspection | undefined> {
  try {
    return await docker.getContainer(id).inspect()
  } catch (error) {
    if (engineStatusOf(error) === 404) return undefined
    throw error
  }
}

/** Runs a call and ignores the refusals that mean "already in this state". */
export async function ignoreStatuses(
  statuses: readonly number[],
  call: Promise<unknown>,
): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!statuses.includes(engineStatusOf(error) ?? 0)) throw error
  }
}

/** Ends a pause. No error if its keeper has already ended it. */
export async function resume(container: Container): Promise<void> {
  try {
    await container.unpause()
  } catch (error) {
    if ((await container.inspect()).State.Paused) throw error
  }
}
