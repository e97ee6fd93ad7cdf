import { createHash } from 'node:crypto'
import { availableParallelism, release } from 'node:os'

import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import {
  connectEngine,
  engineStatusOf,
  ignoreStatuses,
  inspectOrNothing,
  resume,
} from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import { demultiplexed } from '#chaos/runtime/docker/engine/demultiplexed.ts'

import { folderInSeat, socketName } from './seat-engine.ts'
import type { SeatContainer, SeatEngine, SeatSpec } from './seat-engine.ts'

export const seatImage = 'unhappy-path-seat'
const buildCommand = `docker build --file services/Dockerfile --target seat --tag ${seatImage} .`

/** Of one seat. docs/cluster.md has what a seat uses. */
const memoryBytes = 1.5 * 1024 ** 3
/** An idle seat has about 140 processes and threads, and a check about 200. */
const processesMax = 400
const temporaryBytes = 64 * 1024 ** 2
/** Weights, where the processor is busy. */
const shares = { idle: 128, checking: 1024 } as const
/** The image's user. The seat's processes own the folder of the seat, and are never root. */
export const seatOwner = { uid: 1000, gid: 1000 } as const

/** Every 100 ms. */
const goneTries = 300

const labels = {
  /** Which workshop. */
  host: 'unhappy-path.seats-of',
  seat: 'unhappy-path.seat',
  settings: 'unhappy-path.seat-settings',
} as const

/**
 * The containers of the workshop in this folder, on the engine of this machine. Throws {@link InputError} if the engine does
 * not respond, is on another machine, or lacks the image.
 */
export async function connectDockerSeats(folder: string): Promise<SeatEngine> {
  refuseOtherPlatforms()
  refuseOtherUsers()
  const docker = await connectEngine()
  await refuseOtherMachine(docker)
  const workshop = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  const image = await imageId(docker)
  return createSeatEngine(docker, { workshop, image })
}

/** Removes every container of the workshop in this folder. Returns how many there were. */
export async function removeDockerSeats(folder: string): Promise<number> {
  const docker = await connectEngine()
  const workshop = createHash('sha256').update(folder).digest('hex').slice(0, 12)
  const found = await containersOf(docker, workshop)
  await Promise.all(found.map(async ({ Id }) => removeContainer(docker, Id)))
  return found.length
}

interface SeatSettings {
  readonly workshop: string
  /** Id of the image. */
  readonly image: string
}

function createSeatEngine(docker: Docker, settings: SeatSettings): SeatEngine {
  const { workshop } = settings
  const nameOf = (seat: number): string => `unhappy-seat-${workshop}-${seat}`
  const container = (seat: number): Docker.Container => docker.getContainer(nameOf(seat))
  return {
    list: async () => {
      const found = await containersOf(docker, workshop)
      return new Map(
        found.map(({ Labels, State }): [number, SeatContainer] => [
          Number(Labels[labels.seat]),
          {
            state: State === 'paused' ? 'frozen' : State === 'running' ? 'running' : 'ended',
            isCurrent: Labels[labels.settings] === settingsOf(settings),
          },
        ]),
      )
    },
    start: async (spec) => {
      const name = nameOf(spec.seat)
      const before = await inspectOrNothing(docker, name)
      if (before !== undefined) await removeContainer(docker, before.Id)
      const created = await docker.createContainer({ name, ...description(settings, spec) })
      await created.start()
    },
    freeze: async (seat) => container(seat).pause(),
    thaw: async (seat) => resume(container(seat)),
    favour: async (seat, isChecking) =>
      container(seat).update({ CpuShares: isChecking ? shares.checking : shares.idle }),
    lastLines: async (seat) => linesOf(container(seat)),
    memory: async (seat) => memoryOf(container(seat)),
    remove: async (seat) => removeContainer(docker, nameOf(seat)),
  }
}

function description(settings: SeatSettings, spec: SeatSpec): Docker.ContainerCreateOptions {
  const { seat, token, folders } = spec
  return {
    Image: settings.image,
    User: `${seatOwner.uid}:${seatOwner.gid}`,
    Env: [
      `UNHAPPY_TOKEN=${token}`,
      `UNHAPPY_SOCKET=${folderInSeat.state}/${socketName}`,
      'UNHAPPY_ADDRESS=127.0.0.1',
    ],
    Labels: {
      [labels.host]: settings.workshop,
      [labels.seat]: String(seat),
      [labels.settings]: settingsOf(settings),
    },
    // The host itself asks the seat. The image's own check would start a process every 3 s.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...limits(),
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: { '/tmp': `rw,nosuid,nodev,size=${temporaryBytes}` },
      // A learner's code can print without end.
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
      Mounts: [
        { Type: 'bind', Source: folders.state, Target: folderInSeat.state },
        { Type: 'bind', Source: folders.host, Target: folderInSeat.host, ReadOnly: true },
      ],
    },
  }
}

function limits(): Docker.HostConfig {
  return {
    Memory: memoryBytes,
    // No swap: a seat that swaps makes the machine slow for all.
    MemorySwap: memoryBytes,
    // One seat never has the whole machine.
    NanoCpus: Math.round(Math.min(2, availableParallelism() * 0.75) * 1e9),
    CpuShares: shares.idle,
    PidsLimit: processesMax,
  }
}

function settingsOf({ image }: SeatSettings): string {
  const all = JSON.stringify([image, limits(), seatOwner, folderInSeat])
  return createHash('sha256').update(all).digest('hex').slice(0, 12)
}

async function containersOf(
  docker: Docker,
  workshop: string,
): Promise<readonly Docker.ContainerInfo[]> {
  return await docker.listContainers({
    all: true,
    filters: { label: [`${labels.host}=${workshop}`] },
  })
}

/** A frozen container cannot be killed on every kernel: it is resumed first. */
async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id)
  const before = await inspectOrNothing(docker, id)
  if (before === undefined) return
  if (before.State.Paused) await resume(container).catch(() => undefined)
  // 404: it is gone. 409: its removal is in progress.
  await ignoreStatuses([404, 409], container.remove({ force: true, v: true }))
  // Until it is gone its name is taken.
  for (let i = 0; i < goneTries && (await inspectOrNothing(docker, id)) !== undefined; i++)
    await systemClock.sleep(100)
}

const linesMax = 5

async function linesOf(container: Docker.Container): Promise<readonly string[]> {
  try {
    const bytes = await container.logs({ stdout: true, stderr: true, tail: linesMax })
    const text = await Array.fromAsync(demultiplexed([bytes]), String)
    return text
      .join('')
      .split('\n')
      .filter((line) => line.trim() !== '')
  } catch (error) {
    if (engineStatusOf(error) === 404) return []
    throw error
  }
}

interface MemoryStats {
  readonly memory_stats?: {
    readonly usage?: number
    readonly stats?: Readonly<Record<string, number>>
  }
}

async function memoryOf(container: Docker.Container): Promise<number | null> {
  try {
    const options = { stream: false, 'one-shot': true } as { stream: false }
    const { memory_stats: memory } = (await container.stats(options)) as MemoryStats
    if (memory?.usage === undefined) return null
    // Pages of files that nothing uses can be dropped at any time: version 1 and version 2 of control groups.
    const dropped = memory.stats?.['total_inactive_file'] ?? memory.stats?.['inactive_file'] ?? 0
    return memory.usage - dropped
  } catch (error) {
    if (engineStatusOf(error) === 404) return null
    throw error
  }
}

async function imageId(docker: Docker): Promise<string> {
  try {
    return (await docker.getImage(seatImage).inspect()).Id
  } catch (error) {
    if (engineStatusOf(error) !== 404) throw error
    throw new InputError(`The image ${seatImage} is not on this machine.`, {
      remedy: `Build it in the folder of the project: ${buildCommand}`,
    })
  }
}

const elsewhere =
  'Run the host on Linux. Elsewhere learners start their own sandbox (docs/docker.md), or use the chart of docs/cluster.md.'

function refuseOtherPlatforms(): void {
  if (process.platform === 'linux') return
  throw new InputError(`--seats does not work on ${process.platform}.`, { remedy: elsewhere })
}

/** Only these users can make a folder that belongs to the image's user. */
function refuseOtherUsers(): void {
  const uid = process.getuid?.()
  if (uid === 0 || uid === seatOwner.uid) return
  throw new InputError(`--seats does not work for the user with id ${uid}.`, {
    remedy: `Run the host as the user with id ${seatOwner.uid}, or as root.`,
  })
}

/** Sockets and folders are shared with the containers: engine and host need one kernel. */
async function refuseOtherMachine(docker: Docker): Promise<void> {
  const { KernelVersion } = (await docker.info()) as { readonly KernelVersion?: string }
  if (KernelVersion === release()) return
  throw new InputError(
    `The Docker engine is not on this machine: its kernel is ${KernelVersion ?? 'unknown'}, not ${release()}.`,
    { remedy: `Use the engine of this machine. ${elsewhere}` },
  )
}
