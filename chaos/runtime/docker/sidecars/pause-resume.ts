import type { InstanceRequest } from '#chaos/contracts/runtime.ts'

import { resume } from '../engine/connect-engine.ts'
import type { Project } from '../project.ts'
import type { Tracker } from '../tracker.ts'
import type { Sidecar } from './sidecar.ts'
import { startLeaseKeeper } from './start-lease-keeper.ts'

export interface PauseResume {
  pause(name: string, order: InstanceRequest & { leaseMs: number }): Promise<void>
  resume(name: string, order: InstanceRequest): Promise<void>
}

/**
 * Freezes all processes of a container at once with the engine's freezer; SIGSTOP would reach only the first of them. The
 * keeper is there before the pause is: whoever dies in between, nothing stays frozen.
 */
export function createPauseResume(project: Project, tracker: Tracker): PauseResume {
  const keepers = new Map<string, Sidecar>()
  const dismiss = async (name: string): Promise<void> => {
    const keeper = keepers.get(name)
    keepers.delete(name)
    await keeper?.stop()
  }
  return {
    pause: async (name, order) => {
      const container = await project.container(name)
      const keeper = await startLeaseKeeper(project, 'pause', name, {
        leaseMs: order.leaseMs,
        container: container.id,
      })
      await dismiss(name)
      keepers.set(name, keeper)
      const { State } = await container.inspect()
      if (State.Paused) return
      const expected = tracker.expect(name, 'pause', order.by)
      try {
        order.signal?.throwIfAborted()
        await container.pause()
      } catch (error) {
        expected.cancel()
        await dismiss(name)
        throw error
      }
      await expected.happened()
    },
    resume: async (name, order) => {
      const container = await project.container(name)
      if ((await container.inspect()).State.Paused) {
        const expected = tracker.expect(name, 'unpause', order.by)
        await resume(container)
        await expected.happened()
      }
      await dismiss(name)
    },
  }
}
