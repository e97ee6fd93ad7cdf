import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'

/** Replaces the file in one step: a reader sees the old content or the new one, even if this process dies meanwhile. */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
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
