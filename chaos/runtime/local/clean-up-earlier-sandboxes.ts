import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { cleanUpSandboxes } from './clean-up-sandboxes.ts'
import type { OpenSandbox } from './open-sandbox.ts'

/** Takes away what earlier controllers have left: processes, folders, and files that name a sandbox which is gone. */
export async function cleanUpEarlierSandboxes(options: {
  readonly sandbox: OpenSandbox
  readonly clock: Clock
  readonly sandboxFilesFolder: string | undefined
}): Promise<readonly string[]> {
  const { sandbox, clock, sandboxFilesFolder } = options
  const swept = await cleanUpSandboxes(path.dirname(sandbox.folder), clock)
  return sandboxFilesFolder === undefined
    ? swept
    : [...swept, ...(await removeStaleFiles(sandboxFilesFolder))]
}

async function removeStaleFiles(folder: string): Promise<string[]> {
  const mended: string[] = []
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name)
    const content = await readSandboxFile(file)
    // A file of the Docker runtime names a pid of another world.
    if (content?.runtime !== 'local' || isAlive(content.pid)) continue
    await rm(file, { force: true })
    mended.push(`Removed ${file}: its controller (pid ${content.pid}) is gone.`)
  }
  return mended
}

async function namesIn(folder: string): Promise<string[]> {
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
    return undefined // being written in this moment, or removed
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
