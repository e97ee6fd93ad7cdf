import type { ContainerTimes } from '#chaos/contracts/runtime.ts'

import { controller } from '../project.ts'
import type { Project } from '../project.ts'

/** The part of the engine's statistics that is read here. The engine counts nanoseconds. */
export interface EngineStats {
  readonly cpu_stats?: {
    readonly cpu_usage?: { readonly total_usage?: number }
    readonly throttling_data?: { readonly throttled_time?: number }
  }
}

/** Processor time of every container of the project. A container that does not exist is left out. */
export async function readContainerTimes(
  project: Project,
  names: readonly string[] = [...project.targets, controller],
): Promise<readonly ContainerTimes[]> {
  const all = await Promise.all(names.map(async (name) => await readContainerTime(project, name)))
  return all.filter((times) => times !== undefined)
}

/** Undefined: there is no such container. */
export async function readContainerTime(
  project: Project,
  name: string,
): Promise<ContainerTimes | undefined> {
  const found = await project.find(name)
  if (found === undefined) return undefined
  const container = project.docker.getContainer(found.Id)
  // `one-shot`: without it the engine waits a second for a second sample.
  return timesOf(name, await container.stats({ stream: false, 'one-shot': true }))
}

/** A container that does not run has used nothing since its start. */
export function timesOf(name: string, { cpu_stats: cpu }: EngineStats): ContainerTimes {
  return {
    name,
    usedMs: (cpu?.cpu_usage?.total_usage ?? 0) / 1e6,
    throttledMs: (cpu?.throttling_data?.throttled_time ?? 0) / 1e6,
  }
}
