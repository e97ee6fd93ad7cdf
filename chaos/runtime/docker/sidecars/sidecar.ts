import { randomUUID } from 'node:crypto'
import { posix } from 'node:path'
import { PassThrough } from 'node:stream'

import { messageOf } from '#chaos/lib/errors.ts'
import { rejectionOn } from '#chaos/lib/signals/rejection-on.ts'

import { resume, ignoreStatuses } from '../engine/connect-engine.ts'
import type { Container, Docker } from '../engine/connect-engine.ts'
import { controller } from '../project.ts'
import type { Project } from '../project.ts'
import { tarOf } from '../settings.ts'
import type { LeaseKeeperTask } from './lease-keeper.ts'

/**
 * The project of a sidecar. Not Compose's own label: Compose would treat the sidecar as an orphan.
 */
export const sidecarProjectLabel = 'unhappy-path.project'
const kindLabel = 'unhappy-path.sidecar'
const instanceLabel = 'unhappy-path.instance'
const healLabel = 'unhappy-path.undo'

export interface SidecarRequest {
  /** Kind of sidecar, such as `packet-filter`. */
  readonly kind: string
  /** The instance that it affects. */
  readonly instance: string
  readonly command: readonly string[]
  readonly host: Docker.HostConfig
  readonly environment?: readonly string[]
  /** User of the process; root by default. */
  readonly user?: string
  /** Files that are put into the container before it starts. */
  readonly files?: readonly { readonly path: string; readonly text: string }[]
  /** Ends the sidecar. */
  readonly signal?: AbortSignal
  /** The request that heals the fault, where stopping the sidecar does not. */
  readonly heal?: LeaseKeeperTask
}

/**
 * A short-lived container that injects one fault, and heals it when it is stopped or its lease
 * ends.
 */
export interface Sidecar {
  /** Stops the sidecar and returns when it is gone. Calling it twice is safe. */
  stop(): Promise<void>
}

/** If a sidecar takes longer, the engine is broken. */
const readyWithinMs = 15_000

/**
 * Starts a sidecar and returns when it prints `ready`. Throws with its output when it ends before.
 */
export async function startSidecar(project: Project, request: SidecarRequest): Promise<Sidecar> {
  const container = await project.docker.createContainer({
    ...(await description(project, request)),
    HostConfig: {
      NetworkMode: 'none',
      ...request.host,
      AutoRemove: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 32,
    },
  })
  const sidecar = handle(container)
  try {
    await started(container, request, project.docker)
    return sidecar
  } catch (error) {
    await sidecar.stop()
    throw error
  }
}

/** Runs a sidecar to its end and returns its output. Throws with its output when it fails. */
export async function runSidecar(project: Project, request: SidecarRequest): Promise<string> {
  const container = await project.docker.createContainer({
    ...(await description(project, request)),
    HostConfig: { NetworkMode: 'none', ...request.host, CapDrop: ['ALL'] },
  })
  try {
    for (const { path, text } of request.files ?? [])
      await container.putArchive(tarOf(posix.basename(path), text), { path: posix.dirname(path) })
    const output = await attach(container, project.docker)
    await container.start()
    const { StatusCode: status } = await ended(container, request.signal)
    await output.ended
    if (status === 0) return output.text()
    throw new Error(`${request.kind} of ${request.instance} failed: ${output.text().trim()}`)
  } finally {
    await ignoreStatuses([404, 409], container.remove({ force: true }))
  }
}

/** Waits for the end, or rejects when the signal aborts. */
async function ended(container: Container, signal?: AbortSignal): Promise<{ StatusCode: number }> {
  const end = container.wait() as Promise<{ StatusCode: number }>
  if (signal === undefined) return await end
  end.catch(() => undefined)
  return await Promise.race([end, rejectionOn(signal)])
}

/** Stops every sidecar of the project and heals its fault. Returns `kind of instance` for each. */
export async function stopSidecars(project: Project): Promise<readonly string[]> {
  const label = [`${sidecarProjectLabel}=${project.name}`]
  const found = await project.docker.listContainers({ all: true, filters: { label } })
  await Promise.all(
    found.map(async ({ Id, Labels }) => {
      const task = Labels[healLabel]
      if (task !== undefined) await healNow(project, JSON.parse(task) as LeaseKeeperTask)
      await handle(project.docker.getContainer(Id)).stop()
    }),
  )
  return found.map(({ Labels }) => `${Labels[kindLabel]} of ${Labels[instanceLabel]}`)
}

async function healNow(
  project: Project,
  { container: id, update }: LeaseKeeperTask,
): Promise<void> {
  const container = await project.own(id)
  if (update === undefined) await resume(container)
  else await container.update(update)
}

async function description(
  project: Project,
  request: SidecarRequest,
): Promise<Docker.ContainerCreateOptions> {
  const { Image } = await project.inspect(controller)
  const [entry = '', ...rest] = request.command
  // `docker ps` shows what the sidecar does.
  const name = `${project.name}-${request.kind}-${request.instance}-${randomUUID().slice(0, 8)}`
  return {
    name,
    Image,
    User: request.user ?? '0',
    Entrypoint: [entry],
    Cmd: rest,
    Env: [...(request.environment ?? [])],
    StopTimeout: 3,
    Labels: {
      [sidecarProjectLabel]: project.name,
      [kindLabel]: request.kind,
      [instanceLabel]: request.instance,
      ...(request.heal === undefined ? {} : { [healLabel]: JSON.stringify(request.heal) }),
    },
  }
}

async function started(
  container: Container,
  request: SidecarRequest,
  docker: Docker,
): Promise<void> {
  const output = await attach(container, docker)
  await container.start()
  const deadline = AbortSignal.timeout(readyWithinMs)
  const tooLong = new Promise<never>((_, reject) =>
    deadline.addEventListener('abort', () =>
      reject(new Error(`the sidecar was not ready within ${readyWithinMs} ms`)),
    ),
  )
  try {
    await Promise.race([
      output.ready,
      tooLong,
      output.ended.then(() =>
        Promise.reject(new Error(output.text().trim() || 'the sidecar ended')),
      ),
    ])
  } catch (error) {
    throw new Error(`${request.kind} of ${request.instance}: ${messageOf(error)}`, { cause: error })
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
      // 404: gone. 304: already ended. 409: is being removed.
      await ignoreStatuses([304, 404, 409], container.stop())
      // AutoRemove does not remove a container that was created and never started.
      await ignoreStatuses([404, 409], container.remove({ force: true }))
      await ignoreStatuses([404], container.wait({ condition: 'removed' }))
    },
  }
}
