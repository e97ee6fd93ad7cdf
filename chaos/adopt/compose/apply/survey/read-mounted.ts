import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Configuration is small. */
const fileMaxBytes = 64 * 1024
const filesMax = 50

/**
 * The text of files that are mounted, or are in a folder that is mounted: at most 50 of 64 KiB. A path that this process cannot
 * read has no text: the engine may be on another machine.
 */
export function readMounted(mounted: readonly string[]): string {
  const files = [...new Set(mounted)].flatMap(filesOf).slice(0, filesMax)
  return files.map(textOf).join('\n')
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    const entries = readdirSync(path, { withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map(({ name }) => join(path, name))
  } catch {
    return []
  }
}

function textOf(path: string): string {
  try {
    const found = statSync(path)
    return found.isFile() && found.size <= fileMaxBytes ? readFileSync(path, 'utf8') : ''
  } catch {
    return ''
  }
}
