import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { controller } from '../project.ts'
import type { Project } from '../project.ts'
import type { LeaseKeeperTask } from './lease-keeper.ts'
import { startSidecar } from './sidecar.ts'
import type { Sidecar } from './sidecar.ts'

const socket = '/var/run/docker.sock'
const megabyte = 1024 * 1024
const checkout = fileURLToPath(new URL('../../../../', import.meta.url))
/** The keeper's program, relative to the checkout. The image contains the checkout as /app. */
export const keeperProgram = relative(
  checkout,
  fileURLToPath(new URL('lease-keeper.ts', import.meta.url)),
)

/**
 * Starts the keeper of one fault: a process outside of the controller that heals the fault when its
 * lease ends.
 */
export async function startLeaseKeeper(
  project: Project,
  kind: string,
  instance: string,
  task: LeaseKeeperTask,
): Promise<Sidecar> {
  // The keeper reaches the engine as the controller does: over its socket, or over the guard.
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
    heal: task,
    command: ['node', `/app/${keeperProgram}`, JSON.stringify(task)],
    ...(guard === undefined ? {} : { environment: [`DOCKER_HOST=${guard}`] }),
    host: { Memory: 96 * megabyte, ...way },
  })
}
