import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { sandboxVariable } from './keeper/keeper-requests.ts'
import { listCommands, listProcesses } from './keeper/list-processes.ts'
import { removeSandbox } from './remove-sandbox.ts'
import { keeperLives } from './sandbox-folder.ts'

/**
 * Removes processes and folders of this user's earlier sandboxes whose keeper was killed. Returns one line for each sandbox.
 * Running sandboxes stay as they are.
 */
export async function cleanUpSandboxes(sandboxesFolder: string, clock: Clock): Promise<string[]> {
  const removed: string[] = []
  const names = existsSync(sandboxesFolder) ? await readdir(sandboxesFolder) : []
  const folders = new Set(names.map((name) => path.join(sandboxesFolder, name)))
  // A user may delete a folder while its processes run.
  for (const folder of await foldersInEnvironments(sandboxesFolder)) folders.add(folder)
  for (const folder of folders) {
    if ((await keeperLives(path.basename(folder))) !== false) continue
    const killed = await removeSandbox(folder, clock)
    const processes = killed === 0 ? '' : ` and ${killed} of its processes`
    removed.push(`Removed an earlier sandbox: ${folder}${processes}.`)
  }
  return removed
}

/** Removes files of sandboxes whose controller is gone. Returns one line for each file. */
export async function removeStaleSandboxFiles(folder: string | undefined): Promise<string[]> {
  const removed: string[] = []
  if (folder === undefined) return removed
  for (const name of await sandboxFilesIn(folder)) {
    const file = path.join(folder, name)
    const content = await readSandboxFile(file)
    // The pid in a file of the Docker runtime belongs to a container.
    if (content?.runtime !== 'local' || isAlive(content.pid)) continue
    await rm(file, { force: true })
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

async function readSandboxFile(file: string): Promise<SandboxFile | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SandboxFile
  } catch {
    return undefined // being written at this moment, or removed
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
