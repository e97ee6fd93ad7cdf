import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder with more files is full, whatever they contain: measuring it would take too long. */
const filesMax = 100_000

export interface FolderSize {
  /** On the disk. */
  readonly bytes: number
  /** It has more than {@link filesMax} files. `bytes` is of those that were counted. */
  readonly hasTooMany: boolean
}

/** Follows no link. Files that are gone meanwhile are left out. */
export async function folderSize(folder: string): Promise<FolderSize> {
  let [bytes, files] = [0, 0]
  const open = [folder]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = await opendir(next).catch(() => undefined)
    if (entries === undefined) continue
    for await (const entry of entries) {
      if (++files > filesMax) return { bytes, hasTooMany: true }
      const path = join(next, entry.name)
      if (entry.isDirectory()) open.push(path)
      const found = await lstat(path).catch(() => undefined)
      bytes += (found?.blocks ?? 0) * 512
    }
  }
  return { bytes, hasTooMany: false }
}
