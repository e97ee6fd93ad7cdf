import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

import type { Clock } from '#chaos/lib/clock.ts'

import { sandboxVariable } from './keeper/messages.ts'
import { killTree } from './keeper/process-tree.ts'
import { dataFolder } from './sandbox-folder.ts'

/** Kills every process of the sandbox, then removes its folder. Returns how many processes there were. */
export async function removeSandbox(folder: string, clock: Clock): Promise<number> {
  const mark = { variable: `${sandboxVariable}=${folder}`, folder: dataFolder(folder) }
  const killed = await killTree({ mark }, clock)
  await removeSharedMemory(path.join(dataFolder(folder), 'postgres'))
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  return killed
}

/**
 * A killed Postgres leaves a few bytes of System V shared memory, of which a machine has only so many pieces. Its next
 * start in the same folder would take them away; there will be none.
 */
async function removeSharedMemory(postgresFolder: string): Promise<void> {
  const file = path.join(postgresFolder, 'postmaster.pid')
  if (!existsSync(file)) return
  const [key, id] = readFileSync(file, 'utf8').split('\n')[6]?.trim().split(/\s+/) ?? []
  if (key === undefined || id === undefined || !isUnused(key, id)) return
  try {
    await promisify(execFile)('ipcrm', ['-m', id])
  } catch {
    // No such program, or no such memory any more: nothing that anybody would notice.
  }
}

/** The folder may be from before a reboot; then the number can be somebody else's by now. */
function isUnused(key: string, id: string): boolean {
  if (process.platform !== 'linux') return true
  const lines = readFileSync('/proc/sysvipc/shm', 'utf8').split('\n')
  return lines.some((line) => {
    const fields = line.trim().split(/\s+/)
    return Number(fields[0]) === Number(key) && fields[1] === id && fields[6] === '0'
  })
}
