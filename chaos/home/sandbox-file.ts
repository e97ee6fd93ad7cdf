import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { SandboxFile } from '#chaos/contracts/api.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import { removeOpenPage } from './open-page.ts'

/** Writes the file by which clients find the sandbox. Only its owner can read it: it contains the token. */
export async function writeSandboxFile(folder: string, file: SandboxFile): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeAtomically(pathOf(folder, file.slot), `${JSON.stringify(file, null, 2)}\n`, 0o600)
}

/** Removes the file, unless another controller has written it since. */
export async function removeSandboxFile(folder: string, file: SandboxFile): Promise<void> {
  const current = await readSandboxFile(pathOf(folder, file.slot))
  if (current === undefined || current.token === file.token)
    await Promise.all([
      rm(pathOf(folder, file.slot), { force: true }),
      removeOpenPage(folder, file.slot),
    ])
}

/** The sandboxes that have a file, by slot. A sandbox can be gone although its file exists. */
export async function listSandboxFiles(folder: string): Promise<readonly SandboxFile[]> {
  const names = await readdir(folder).catch(() => [] as string[])
  const files = await Promise.all(
    names
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => readSandboxFile(join(folder, name))),
  )
  return files.filter((file) => file !== undefined).toSorted((a, b) => a.slot - b.slot)
}

/** Undefined: there is no file, or it is incomplete. */
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
