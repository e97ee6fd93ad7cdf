import path from 'node:path'

import { listProcesses } from './keeper/list-processes.ts'

/** The folder's name says whose it is: slot, and pid and start time of its keeper. So it needs no file that says so. */
export async function sandboxFolderName(slot: number, keeperPid: number): Promise<string> {
  const keeper = (await listProcesses()).find((entry) => entry.pid === keeperPid)
  return `${slot}-${keeperPid}-${compact(keeper?.startedKey ?? '')}`
}

/** Whether the keeper that made the folder still lives. Undefined when it is no sandbox's folder. */
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

/** Where the stores work: whoever has this as its working folder belongs to the sandbox. */
export function dataFolder(sandboxFolder: string): string {
  return path.join(sandboxFolder, 'data')
}
