import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

/** Makes the sandbox findable. Only its owner may read the file: it holds the token. */
export async function writeSandboxFile(folder: string, file: SandboxFile): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeAtomically(pathOf(folder, file.slot), `${JSON.stringify(file, null, 2)}\n`, 0o600)
}

/** Removes the file, but never one that another controller has written in the meantime. */
export async function removeSandboxFile(folder: string, file: SandboxFile): Promise<void> {
  const current = await readSandboxFile(pathOf(folder, file.slot))
  if (current === undefined || current.token === file.token)
    await rm(pathOf(folder, file.slot), { force: true })
}

/** Every sandbox that left a file, by slot; whether it still runs is for the caller to find out. */
export async function listSandboxFiles(folder: string): Promise<readonly SandboxFile[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  const files = await Promise.all(
    names
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => readSandboxFile(join(folder, name))),
  )
  return files.filter((file) => file !== undefined).toSorted((a, b) => a.slot - b.slot)
}

/** Half a file, or none, is no sandbox. */
async function readSandboxFile(path: string): Promise<SandboxFile | undefined> {
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as SandboxFile
    return typeof file.url === 'string' && typeof file.slot === 'number' ? file : undefined
  } catch {
    return undefined
  }
}

function pathOf(folder: string, slot: number): string {
  return join(folder, `${slot}.json`)
}
