import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'

/**
 * Replaces the file in one step: a reader sees the old content or the new one, even if this process dies meanwhile. Content in
 * several parts is written without joining them.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
  mode = 0o644,
): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await using file = await open(draft, 'wx', mode)
    if (isParts(content)) await writeParts(file, content)
    else await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await rename(draft, path)
}

function isParts(content: string | Uint8Array | readonly Uint8Array[]): content is Uint8Array[] {
  return Array.isArray(content)
}

async function writeParts(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0)
  const { bytesWritten } = await file.writev(parts)
  if (bytesWritten < bytes)
    throw new Error(`Only ${bytesWritten} of ${bytes} bytes could be written: is the disk full?`)
}
