import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'

import { sandboxVariable } from './keeper/keeper-requests.ts'
import type { Mark } from './keeper/list-processes.ts'
import { findTree, killTree } from './keeper/process-tree.ts'
import { dataFolder } from './sandbox-folder.ts'
import { removeSharedMemory } from './shared-memory.ts'

/**
 * Kills every process of the sandbox, then removes its folder. Returns the number of killed
 * processes.
 */
export async function removeSandbox(folder: string, clock: Clock): Promise<number> {
  const killed = await killTree({ mark: markOf(folder) }, clock)
  const data = dataFolder(folder)
  const stores = existsSync(data) ? await readdir(data) : []
  for (const store of stores) await removeSharedMemory(path.join(data, store))
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
