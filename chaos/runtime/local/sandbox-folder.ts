import { statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'

import { formatSpace, ownProcessSpace, parseSpace, relationTo } from '#chaos/lib/process-space.ts'

import { listProcesses } from './keeper/list-processes.ts'

/** `unknown`: it cannot be decided from here. Such a sandbox is never touched. */
export type KeeperState = 'lives' | 'dead' | 'unknown'

/**
 * The folder's name identifies its keeper: slot, pid and start time of the keeper, and the space in which that pid has its
 * meaning. The environment of every process of the sandbox contains the name, so no further file is needed.
 */
export async function sandboxFolderName(slot: number, keeperPid: number): Promise<string> {
  const keeper = (await listProcesses()).find((entry) => entry.pid === keeperPid)
  const started = compact(keeper?.startedKey ?? '')
  return `${slot}-${keeperPid}-${started}-${formatSpace(ownProcessSpace())}`
}

/** The slot in the name of a sandbox folder. */
export function slotOfFolder(folder: string): number {
  return Number(path.basename(folder).split('-')[0])
}

/** Whether the keeper of the folder still runs. Undefined for a name that is not a sandbox folder. */
export async function keeperState(folder: string): Promise<KeeperState | undefined> {
  const [, pid, started, text = ''] = /^\d+-(\d+)-(\w*)-(.+)$/.exec(path.basename(folder)) ?? []
  const space = parseSpace(text)
  if (pid === undefined || space === undefined) return undefined
  switch (relationTo(space)) {
    case 'same':
      return (await runsHere(Number(pid), started ?? '')) ? 'lives' : 'dead'
    case 'earlier-boot':
      return (await socketState(folder)) === 'lives' ? 'lives' : 'dead'
    case 'other-namespace':
      return await socketState(folder)
    case 'elsewhere':
      return 'unknown'
  }
}

/** The keeper listens here until it ends. Its socket can be reached from every container that shares the folder. */
export function keeperSocket(folder: string): string {
  return path.join(folder, 'keeper.sock')
}

/** Working folder of the stores: a process that works here belongs to the sandbox. */
export function dataFolder(sandboxFolder: string): string {
  return path.join(sandboxFolder, 'data')
}

async function runsHere(pid: number, started: string): Promise<boolean> {
  const entries = await listProcesses()
  return entries.some(
    (entry) => entry.pid === pid && compact(entry.startedKey) === started && !entry.zombie,
  )
}

function compact(startedKey: string): string {
  return startedKey.replaceAll(/\W/g, '')
}

/** File systems of one kernel, by their magic numbers: ext4, tmpfs, overlay and others. */
const localFileSystems: ReadonlySet<number> = new Set([
  0xef_53, 0x58_46_53_42, 0x91_23_68_3e, 0x01_02_19_94, 0x79_4c_76_30, 0x2f_c1_2f_c1, 0xf2_f5_20_10,
])

async function socketState(folder: string): Promise<KeeperState> {
  const error = await errorOfConnect(keeperSocket(folder))
  if (error === undefined) return 'lives'
  // No process listens. Only a file system of this kernel says so for every container: over a network, or between a virtual
  // machine and its host, a socket that another kernel serves is refused too.
  if (error === 'ECONNREFUSED' && (await isLocal(folder))) return 'dead'
  return 'unknown'
}

async function errorOfConnect(socket: string): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const connection = connect(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve(undefined)
    })
    connection.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
  })
}

async function isLocal(folder: string): Promise<boolean> {
  try {
    return localFileSystems.has((await statfs(folder)).type)
  } catch {
    return false
  }
}
