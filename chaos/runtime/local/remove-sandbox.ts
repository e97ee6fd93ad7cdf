import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

import type { Clock } from '#chaos/lib/clock.ts'

import { sandboxVariable } from './keeper/keeper-requests.ts'
import type { Mark } from './keeper/list-processes.ts'
import { findTree, killTree } from './keeper/process-tree.ts'
import { dataFolder } from './sandbox-folder.ts'

/**
 * Kills every process of the sandbox, then removes its folder. Returns the number of killed
 * processes.
 */
export async function removeSandbox(folder: string, clock: Clock): Promise<number> {
  const killed = await killTree({ mark: markOf(folder) }, clock)
  await removeSharedMemory(path.join(dataFolder(folder), 'postgres'))
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  return killed
}

/** The number of processes that run in the sandbox, without its keeper, watchdog and controller. */
export async function countProcesses(folder: string): Promise<number> {
  return (await findTree({ mark: markOf(folder) })).length
}

function markOf(folder: string): Mark {
  return { variable: `${sandboxVariable}=${folder}`, folder: dataFolder(folder) }
}

/**
 * A killed Postgres leaves a small piece of System V shared memory, and the number of pieces on a
 * machine is limited. Its next start in the same folder would remove it, but there is no next
 * start.
 */
async function removeSharedMemory(postgresFolder: string): Promise<void> {
  const file = path.join(postgresFolder, 'postmaster.pid')
  if (!existsSync(file)) return
  const [key, id] = readFileSync(file, 'utf8').split('\n')[6]?.trim().split(/\s+/) ?? []
  if (key === undefined || id === undefined || !isUnused(key, id)) return
  try {
    await promisify(execFile)('ipcrm', ['-m', id])
  } catch {
    // No `ipcrm`, or the memory is already gone: a few bytes stay at most.
  }
}

/** The folder may be older than a reboot. Then the id may belong to another program. */
function isUnused(key: string, id: string): boolean {
  if (process.platform !== 'linux') return true
  const lines = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n')
  return lines.some((line) => {
    const fields = line.trim().split(/\s+/)
    return Number(fields[0]) === Number(key) && fields[1] === id && fields[6] === '0'
  })
}
