import path from 'node:path'

import { listProcesses } from './keeper/list-processes.ts'

/**
 * The folder's name identifies its keeper: slot, pid and start time of the keeper. No further file
 * is needed.
 */
export async function sandboxFolderName(slot: number, keeperPid: number): Promise<string> {
  const keeper = (await listProcesses()).find((entry) => entry.pid === keeperPid)
  return `${slot}-${keeperPid}-${compact(keeper?.startedKey ?? '')}`
}

/**
 * Whether the keeper of the folder still runs. Undefined for a name that is not a sandbox folder.
 */
export async function keeperLives(folderName: string): Promise<boolean | undefined> {
  const match = /^\d+-(\d+)-(\w*)$/.exec(folderName)
  if (match === null) return undefined
  const entries = await listProcesses()
  return entries.some(
    (entry) =>
      entry.pid === Number(match[1]) && compact(entry.startedKey) === match[2] && !entry.zombie,
  )
}

function compact(startedKey: string): string {
  return startedKey.replaceAll(/\W/g, '')
}

/** Working folder of the stores: a process that works here belongs to the sandbox. */
export function dataFolder(sandboxFolder: string): string {
  return path.join(sandboxFolder, 'data')
}
