import { controller } from '../project.ts'
import type { Project } from '../project.ts'
import type { LeaseKeeperTask } from './lease-keeper-task.ts'
import { startSidecar } from './sidecar.ts'
import type { Sidecar } from './sidecar.ts'

const socket = '/var/run/docker.sock'
const megabyte = 1024 * 1024

/** Starts the keeper of one fault: a process outside of the controller that undoes the fault when its lease is over. */
export async function startLeaseKeeper(
  project: Project,
  kind: string,
  instance: string,
  order: LeaseKeeperTask,
): Promise<Sidecar> {
  // The keeper reaches the engine as the controller does: over its socket, or over a guard that stands before it.
  const own = await project.inspect(controller)
  const variable = (name: string): string | undefined =>
    own.Config.Env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)
  const guard = variable('DOCKER_HOST')
  const network = variable('UNHAPPY_ENGINE_NETWORK')
  const mount = own.Mounts.find(({ Destination }) => Destination === socket)
  const way =
    guard === undefined
      ? { Binds: [`${mount?.Source ?? socket}:${socket}`] }
      : { NetworkMode: network ?? Object.keys(own.NetworkSettings.Networks)[0] ?? 'bridge' }
  return await startSidecar(project, {
    kind,
    instance,
    undo: order,
    command: ['node', '/app/chaos/runtime/docker/keeper.ts', JSON.stringify(order)],
    ...(guard === undefined ? {} : { environment: [`DOCKER_HOST=${guard}`] }),
    host: { Memory: 96 * megabyte, ...way },
  })
}
