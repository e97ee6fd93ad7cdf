import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'

import { listCommands, listProcesses } from './keeper/list-processes.ts'
import { sandboxVariable } from './keeper/messages.ts'
import { removeSandbox } from './remove-sandbox.ts'
import { keeperLives } from './sandbox-folder.ts'

/**
 * Takes down what is left of this user's earlier sandboxes whose keeper was itself killed: their processes and folders.
 * Says what it has mended. Sandboxes that live are left alone.
 */
export async function cleanUpSandboxes(sandboxesFolder: string, clock: Clock): Promise<string[]> {
  const mended: string[] = []
  const names = existsSync(sandboxesFolder) ? await readdir(sandboxesFolder) : []
  const left = new Set(names.map((name) => path.join(sandboxesFolder, name)))
  // A folder can be deleted by hand while its processes live.
  for (const folder of await foldersInEnvironments(sandboxesFolder)) left.add(folder)
  for (const folder of left) {
    if ((await keeperLives(path.basename(folder))) !== false) continue
    const killed = await removeSandbox(folder, clock)
    const processes = killed === 0 ? '' : ` and ${killed} of its processes`
    mended.push(`Removed what an earlier sandbox had left: ${folder}${processes}.`)
  }
  return mended
}

/** The folders that processes of this machine name as their sandbox, as far as they are in our cache. */
async function foldersInEnvironments(sandboxesFolder: string): Promise<Set<string>> {
  const pattern = new RegExp(`(?:^|[\\0 ])${sandboxVariable}=([^\\0 ]+)`)
  const commands = await listCommands()
  const folders = new Set<string>()
  for (const { pid } of await listProcesses()) {
    const folder = pattern.exec(commands?.get(pid) ?? readEnvironment(pid))?.[1]
    if (folder !== undefined && path.dirname(folder) === sandboxesFolder) folders.add(folder)
  }
  return folders
}

function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return '' // gone, or somebody else's
  }
}
