import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { sandboxVariable } from './keeper/keeper-requests.ts'
import { listCommands, listProcesses } from './keeper/list-processes.ts'
import { removeSandbox } from './remove-sandbox.ts'
import { placeOf, readSandboxFile, removeSandboxFiles } from './sandbox-files.ts'
import { keeperState, type KeeperState } from './sandbox-folder.ts'

/** A sandbox folder, or processes that carry its name after it was deleted. */
export interface FoundSandbox {
  readonly folder: string
  readonly keeper: KeeperState
}

/** The sandboxes of this user: running ones, dead ones, and those of other containers or machines. */
export async function findSandboxes(sandboxesFolder: string): Promise<readonly FoundSandbox[]> {
  const names = existsSync(sandboxesFolder) ? await readdir(sandboxesFolder) : []
  const folders = new Set(names.map((name) => path.join(sandboxesFolder, name)))
  // A user may delete a folder while its processes run.
  for (const folder of await foldersInEnvironments(sandboxesFolder)) folders.add(folder)
  const found: FoundSandbox[] = []
  for (const folder of folders) {
    const keeper = await keeperState(folder)
    if (keeper !== undefined) found.push({ folder, keeper })
  }
  return found
}

/**
 * Removes processes and folders of this user's earlier sandboxes whose keeper was killed. Returns one line for each sandbox.
 * Running sandboxes stay as they are, and so do sandboxes that cannot be judged from here.
 */
export async function cleanUpSandboxes(sandboxesFolder: string, clock: Clock): Promise<string[]> {
  const lines: string[] = []
  for (const { folder, keeper } of await findSandboxes(sandboxesFolder)) {
    if (keeper === 'unknown') lines.push(leftAlone(folder))
    if (keeper !== 'dead') continue
    const killed = await removeSandbox(folder, clock)
    const processes = killed === 0 ? '' : ` and ${killed} of its processes`
    lines.push(`Removed an earlier sandbox: ${folder}${processes}.`)
  }
  return lines
}

/** Says why a sandbox is not judged. */
function leftAlone(folder: string): string {
  return `Left alone: ${folder} belongs to another container or machine.`
}

/**
 * Removes files of sandboxes whose controller is gone. Returns one line for each file. The pid in a file of another
 * container or machine means nothing here: such a file stays.
 */
export async function removeStaleSandboxFiles(folder: string | undefined): Promise<string[]> {
  const removed: string[] = []
  if (folder === undefined) return removed
  for (const name of await sandboxFilesIn(folder)) {
    const file = path.join(folder, name)
    const content = readSandboxFile(file)
    // The pid in a file of the Docker runtime belongs to a container.
    if (content?.runtime !== 'local' || !isGone(content)) continue
    await removeSandboxFiles(file)
    removed.push(`Removed ${file}: its controller (pid ${content.pid}) is gone.`)
  }
  return removed
}

/** The sandbox folders in the environments of this machine's processes, as far as they are in the user's cache. */
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
    return '' // gone, or a process of another user
  }
}

async function sandboxFilesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function isGone(file: SandboxFile): boolean {
  const place = placeOf(file)
  return place === 'gone' || (place === 'here' && !isAlive(file.pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
