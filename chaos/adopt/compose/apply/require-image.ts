import { isPackage, projectRoot } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { engineStatusOf } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'

/** Throws {@link InputError} when the image of links and sidecars is not on this machine. */
export async function requireImage(docker: Docker, image: string): Promise<void> {
  try {
    await docker.getImage(image).inspect()
  } catch (error) {
    if (engineStatusOf(error) !== 404) throw error
    throw new InputError(`The image ${image} is not on this machine. The links run in it.`, {
      remedy: isPackage
        ? 'The npm package cannot build it. Clone the project, and run there: docker compose build chaos'
        : `Build it once: docker compose --project-directory ${projectRoot} build chaos`,
    })
  }
}
