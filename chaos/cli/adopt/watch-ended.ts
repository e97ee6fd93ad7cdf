import { listContainers } from '#chaos/adopt/compose/apply/compose-project.ts'
import { findAdoptions } from '#chaos/adopt/compose/apply/living-adoptions.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { connectEngine } from '#chaos/runtime/docker/engine/connect-engine.ts'

/** A process whose connection was reset ends within this time, or not for that reason. */
const endsWithinMs = 1_000

/**
 * Remembers the running containers of all adopted projects. The result resolves with the services of those that have ended since
 * then. Without an engine there are none.
 */
export async function watchEnded(
  clock: Pick<Clock, 'sleep'>,
): Promise<() => Promise<readonly string[]>> {
  try {
    const docker = await connectEngine()
    const projects = (await findAdoptions(docker)).map(({ project }) => project)
    const list = async () =>
      (
        await Promise.all(projects.map(async (project) => await listContainers(docker, project)))
      ).flat()
    const running = new Set((await list()).filter((one) => one.running).map(({ id }) => id))
    return async () => {
      if (running.size === 0) return []
      await clock.sleep(endsWithinMs)
      const ended = (await list()).filter((one) => !one.running && running.has(one.id))
      return [...new Set(ended.map(({ service }) => service))]
    }
  } catch {
    return async () => []
  }
}
