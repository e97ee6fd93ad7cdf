import { InputError } from '#chaos/lib/errors.ts'
import { inspectOrNothing } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

/**
 * Restarts one container of the project, when the user has agreed. It keeps its networks, so its names lead to the links. Throws
 * {@link InputError} for a container of another project.
 */
export async function restartCaller(
  docker: Docker,
  project: string,
  container: string,
): Promise<void> {
  const inspection = await inspectOrNothing(docker, container)
  // Removed in the meantime: its connections are gone.
  if (inspection === undefined) return
  if (inspection.Config.Labels['com.docker.compose.project'] !== project)
    throw new InputError(
      `Container "${container}" does not belong to project "${project}". It was left unchanged.`,
      { status: 403 },
    )
  await docker.getContainer(container).restart()
}
