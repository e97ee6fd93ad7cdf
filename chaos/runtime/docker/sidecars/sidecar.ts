import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'

import { messageOf } from '#chaos/lib/errors.ts'

import { resume, unless } from '../engine/connect-engine.ts'
import type { Container, Docker } from '../engine/connect-engine.ts'
import { controller } from '../project.ts'
import type { Project } from '../project.ts'
import type { LeaseKeeperTask } from './lease-keeper-task.ts'

/** Which project a sidecar belongs to. Not Compose's own label: Compose would take the sidecar for an orphan. */
export const sidecarProjectLabel = 'unhappy-path.project'
const kindLabel = 'unhappy-path.sidecar'
const instanceLabel = 'unhappy-path.instance'
const undoLabel = 'unhappy-path.undo'

export interface SidecarRequest {
  /** What it is for, such as `packet-filter`. */
  readonly kind: string
  /** The instance that it is about. */
  readonly instance: string
  readonly command: readonly string[]
  readonly host: Docker.HostConfig
  readonly environment?: readonly string[]
  /** What must be done besides, where stopping it undoes nothing. */
  readonly undo?: LeaseKeeperTask
}

/** A short-lived container that does one thing, and undoes it when it is stopped or its lease is over. */
export interface Sidecar {
  /** Stops it and returns when it is gone. Doing so twice is safe. */
  stop(): Promise<void>
}

/** Where a sidecar may take this long, something is wrong with the engine. */
const readyWithinMs = 15_000

/** Starts a sidecar and returns when it says `ready`. Throws with its own words when it ends before. */
export async function startSidecar(project: Project, order: SidecarRequest): Promise<Sidecar> {
  const container = await project.docker.createContainer({
    ...(await description(project, order)),
    HostConfig: {
      NetworkMode: 'none',
      ...order.host,
      AutoRemove: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 32,
    },
  })
  const sidecar = handle(container)
  try {
    await started(container, order, project.docker)
    return sidecar
  } catch (error) {
    await sidecar.stop()
    throw error
  }
}

/** Runs a sidecar to its end and returns what it printed. Throws with its own words when it fails. */
export async function runSidecar(project: Project, order: SidecarRequest): Promise<string> {
  const container = await project.docker.createContainer({
    ...(await description(project, order)),
    HostConfig: { NetworkMode: 'none', ...order.host, CapDrop: ['ALL'] },
  })
  try {
    const output = await attach(container, project.docker)
    await container.start()
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number }
    await output.ended
    if (status === 0) return output.text()
    throw new Error(`${order.kind} of ${order.instance} failed: ${output.text().trim()}`)
  } finally {
    await unless([404, 409], container.remove({ force: true }))
  }
}

/** Stops every sidecar of the project and undoes what each did. Returns `kind of instance` for each. */
export async function stopSidecars(project: Project): Promise<readonly string[]> {
  const label = [`${sidecarProjectLabel}=${project.name}`]
  const found = await project.docker.listContainers({ all: true, filters: { label } })
  await Promise.all(
    found.map(async ({ Id, Labels }) => {
      const undo = Labels[undoLabel]
      if (undo !== undefined) await undoNow(project, JSON.parse(undo) as LeaseKeeperTask)
      await handle(project.docker.getContainer(Id)).stop()
    }),
  )
  return found.map(({ Labels }) => `${Labels[kindLabel]} of ${Labels[instanceLabel]}`)
}

async function undoNow(
  project: Project,
  { container: id, update }: LeaseKeeperTask,
): Promise<void> {
  const container = await project.own(id)
  if (update === undefined) await resume(container)
  else await container.update(update)
}

async function description(
  project: Project,
  order: SidecarRequest,
): Promise<Docker.ContainerCreateOptions> {
  const { Image } = await project.inspect(controller)
  const [entry = '', ...rest] = order.command
  // In `docker ps` it says what it is.
  const name = `${project.name}-${order.kind}-${order.instance}-${randomUUID().slice(0, 8)}`
  return {
    name,
    Image,
    User: '0',
    Entrypoint: [entry],
    Cmd: rest,
    Env: [...(order.environment ?? [])],
    StopTimeout: 3,
    Labels: {
      [sidecarProjectLabel]: project.name,
      [kindLabel]: order.kind,
      [instanceLabel]: order.instance,
      ...(order.undo === undefined ? {} : { [undoLabel]: JSON.stringify(order.undo) }),
    },
  }
}

async function started(container: Container, order: SidecarRequest, docker: Docker): Promise<void> {
  const output = await attach(container, docker)
  await container.start()
  const deadline = AbortSignal.timeout(readyWithinMs)
  const tooLong = new Promise<never>((_, reject) =>
    deadline.addEventListener('abort', () =>
      reject(new Error(`it was not ready within ${readyWithinMs} ms`)),
    ),
  )
  try {
    await Promise.race([
      output.ready,
      tooLong,
      output.ended.then(() => Promise.reject(new Error(output.text().trim() || 'it ended'))),
    ])
  } catch (error) {
    throw new Error(`${order.kind} of ${order.instance}: ${messageOf(error)}`, { cause: error })
  }
}

interface Output {
  readonly ready: Promise<void>
  readonly ended: Promise<void>
  text(): string
}

async function attach(container: Container, docker: Docker): Promise<Output> {
  const stream = await container.attach({ stream: true, stdout: true, stderr: true })
  const sink = new PassThrough()
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let text = ''
  docker.modem.demuxStream(stream, sink, sink)
  sink.on('data', (bytes: Buffer) => {
    text += bytes.toString()
    if (/^ready$/m.test(text)) ready.resolve()
  })
  stream.on('end', () => ended.resolve())
  stream.on('error', () => ended.resolve())
  return { ready: ready.promise, ended: ended.promise, text: () => text }
}

function handle(container: Container): Sidecar {
  return {
    stop: async () => {
      // 404: gone. 304: ended already. 409: is being removed.
      await unless([304, 404, 409], container.stop())
      // One that was made and never started is not removed by itself.
      await unless([404, 409], container.remove({ force: true }))
      await unless([404], container.wait({ condition: 'removed' }))
    },
  }
}
