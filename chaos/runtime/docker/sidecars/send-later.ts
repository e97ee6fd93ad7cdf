import type { SendLater } from '#chaos/contracts/runtime.ts'

import type { Project } from '../project.ts'
import { startSidecar } from './sidecar.ts'

/**
 * A sidecar in the network of the store sends the line when its lease ends. It also sends it when it is stopped: every
 * sidecar heals its fault then, and the line may be sent twice.
 */
export function createSendLater(project: Project, portOf: (store: string) => number): SendLater {
  return async (store, { line, leaseMs }) => {
    const container = await project.container(store)
    const sidecar = await startSidecar(project, {
      kind: 'send-later',
      instance: store,
      command: ['send-later', String(leaseMs / 1_000), String(portOf(store)), line],
      user: 'node',
      host: { NetworkMode: `container:${container.id}` },
    })
    return { [Symbol.asyncDispose]: async () => await sidecar.stop() }
  }
}
