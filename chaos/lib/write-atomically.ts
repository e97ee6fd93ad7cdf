import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'

/** Whoever reads the file sees the old content or the new one, also when we die half-way. */
export async function writeAtomically(path: string, content: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await using file = await open(draft, 'wx', mode)
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await rename(draft, path)
}
