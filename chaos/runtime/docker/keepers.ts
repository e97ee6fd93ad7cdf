import type { KeeperOrder } from './keeper-order.ts'
import { controller } from './project.ts'
import type { Project } from './project.ts'
import { startSidecar } from './sidecar.ts'
import type { Sidecar } from './sidecar.ts'

const socket = '/var/run/docker.sock'
const megabyte = 1024 * 1024

/** Starts the keeper of one fault: a process outside of the controller that undoes the fault when its lease is over. */
export async function startKeeper(
  project: Project,
  kind: string,
  instance: string,
  order: KeeperOrder,
): Promise<Sidecar> {
  // The keeper reaches the engine as the controller does: over its socket, or over a guarded address.
  const own = await project.inspect(controller)
  const mount = own.Mounts.find(({ Destination }) => Destination === socket)
  const address = own.Config.Env.find((entry) => entry.startsWith('DOCKER_HOST='))
  const [network] = Object.keys(own.NetworkSettings.Networks)
  return await startSidecar(project, {
    kind,
    instance,
    undo: order,
    command: ['node', '/app/chaos/runtime/docker/keeper.ts', JSON.stringify(order)],
    ...(address === undefined ? {} : { environment: [address] }),
    host: {
      Memory: 96 * megabyte,
      ...(mount === undefined ? {} : { Binds: [`${mount.Source}:${socket}`] }),
      ...(address === undefined || network === undefined ? {} : { NetworkMode: network }),
    },
  })
}
