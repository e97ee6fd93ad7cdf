import { readFile, rm } from 'node:fs/promises'

import type { SandboxFile } from '#chaos/contracts/api.ts'

/** Whether this controller wrote the file. */
export async function fileBelongsTo(file: string, controllerPid: number): Promise<boolean> {
  return (await readSandboxFile(file))?.pid === controllerPid
}

/** Removes the file of a sandbox, and the page of `unhappy open` beside it. */
export async function removeSandboxFiles(file: string): Promise<void> {
  await rm(file, { force: true })
  await rm(file.replace(/\.json$/, '.html'), { force: true })
}

/** Undefined: it does not exist, or is being written at this moment. */
export async function readSandboxFile(file: string): Promise<SandboxFile | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as SandboxFile
  } catch {
    return undefined
  }
}
