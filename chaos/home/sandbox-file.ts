import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { Type } from 'typebox'
import { Check } from 'typebox/value'

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

/** What clients need. Other fields may be absent in files of another version. */
const FileSchema = Type.Object({
  slot: Type.Integer({ minimum: 0, maximum: 99 }),
  url: Type.String(),
  token: Type.String(),
  pid: Type.Integer({ minimum: 1 }),
  startedAt: Type.String(),
})

/** Undefined: there is no file, or it is incomplete. */
async function readSandboxFile(path: string): Promise<SandboxFile | undefined> {
  try {
    const file: unknown = JSON.parse(await readFile(path, 'utf8'))
    return Check(FileSchema, file) && URL.canParse(file.url) ? (file as SandboxFile) : undefined
  } catch {
    return undefined
  }
}

function pathOf(folder: string, slot: number): string {
  return join(folder, `${slot}.json`)
}
