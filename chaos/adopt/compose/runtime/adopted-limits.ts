import type { ResourceLimits } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'
import { createResourceLimits } from '#chaos/runtime/docker/sidecars/resource-limits.ts'

/** Limits on processor and memory. A disk is not filled: volumes of the user hold data that is not ours. */
export function createAdoptedLimits(project: Project): ResourceLimits {
  const limits = createResourceLimits(project)
  return {
    ...limits,
    supported: new Set(['cpu-limit', 'memory-limit']),
    fillDisk: async (name) => {
      throw new InputError(`The disk of ${name} is yours: Unhappy Path does not fill it.`)
    },
  }
}
