import type { Lifecycle } from '#chaos/contracts/runtime.ts'
import { createNamedQueues } from '#chaos/lib/named-queues.ts'

import type { DockerPacketFilter } from './sidecars/packet-filter.ts'
import { createPauseResume } from './sidecars/pause-resume.ts'
import { createStartStop } from './start-stop.ts'
import type { StartStop, StartStopParts } from './start-stop.ts'

export interface LifecycleParts extends Omit<StartStopParts, 'queues' | 'started' | 'endPause'> {
  readonly filter: Pick<DockerPacketFilter, 'reapply'>
}

/**
 * Starts, stops, kills, pauses and resumes the containers of a project: one request at a time for each of them. A container that
 * starts receives its packet rules again, and a paused one resumes before it ends.
 */
export function createContainerLifecycle(
  parts: LifecycleParts,
): StartStop & Pick<Lifecycle, 'pause' | 'resume'> {
  const pauses = createPauseResume(parts.project, parts.tracker)
  const queues = createNamedQueues()
  return {
    ...createStartStop({
      ...parts,
      queues,
      started: async (name) => await parts.filter.reapply(name),
      endPause: async (name, request) => await pauses.resume(name, request),
    }),
    pause: async (name, request) =>
      await queues(name, async () => await pauses.pause(name, request)),
    resume: async (name, request) =>
      await queues(name, async () => await pauses.resume(name, request)),
  }
}
