import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

/**
 * To call before the data folder of a store is removed. A killed Postgres leaves a small piece of
 * System V shared memory, and the number of pieces on a machine is limited. Its next start in the
 * same folder would remove it, but there is no next start. Does nothing for another store.
 */
export async function removeSharedMemory(storeFolder: string): Promise<void> {
  const file = path.join(storeFolder, 'postmaster.pid')
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
