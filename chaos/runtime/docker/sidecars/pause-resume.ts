import type { InstanceRequest } from '#chaos/contracts/runtime.ts'

import { resume } from '../engine/connect-engine.ts'
import type { Project } from '../project.ts'
import type { Tracker } from '../tracker.ts'
import type { Sidecar } from './sidecar.ts'
import { startLeaseKeeper } from './start-lease-keeper.ts'

export interface PauseResume {
  pause(name: string, request: InstanceRequest & { leaseMs: number }): Promise<void>
  resume(name: string, request: InstanceRequest): Promise<void>
}

/**
 * Freezes all processes of a container at once with the engine's freezer; SIGSTOP would reach only
 * the first process. The keeper starts before the pause: the pause ends even if the controller dies
 * in between.
 */
export function createPauseResume(project: Project, tracker: Tracker): PauseResume {
  const keepers = new Map<string, Sidecar>()
  const stopKeeper = async (name: string): Promise<void> => {
    const keeper = keepers.get(name)
    keepers.delete(name)
    await keeper?.stop()
  }
  return {
    pause: async (name, request) => {
      const container = await project.container(name)
      const keeper = await startLeaseKeeper(project, 'pause', name, {
        leaseMs: request.leaseMs,
        container: container.id,
      })
      await stopKeeper(name)
      keepers.set(name, keeper)
      const { State } = await container.inspect()
      if (State.Paused) return
      const expected = tracker.expect(name, 'pause', request.by)
      try {
        request.signal?.throwIfAborted()
        await container.pause()
      } catch (error) {
        expected.cancel()
        await stopKeeper(name)
        throw error
      }
      await expected.happened()
    },
    resume: async (name, request) => {
      const container = await project.container(name)
      if ((await container.inspect()).State.Paused) {
        const expected = tracker.expect(name, 'unpause', request.by)
        await resume(container)
        await expected.happened()
      }
      await stopKeeper(name)
    },
  }
}
