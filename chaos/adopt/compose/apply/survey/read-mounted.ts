import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { ObservedContainer } from '../../plan/observed-container.ts'

/** Configuration is small. */
const fileMaxBytes = 64 * 1024
const filesMax = 50

/**
 * The text of the files that are mounted into the containers of each service, or are in a folder that is mounted: at most 50 of
 * 64 KiB. A path that this process cannot read has no text: the engine may be on another machine.
 */
export async function readMounted(
  containers: readonly Pick<ObservedContainer, 'service' | 'mounted'>[],
): Promise<ReadonlyMap<string, string>> {
  const paths = Map.groupBy(containers, ({ service }) => service)
  const entries = [...paths].map(async ([service, all]) => {
    const mounted = new Set(all.flatMap((one) => one.mounted))
    const files = (await Promise.all([...mounted].map(filesOf))).flat().slice(0, filesMax)
    const texts = await Promise.all(files.map(textOf))
    return [service, texts.join('\n')] as const
  })
  return new Map(await Promise.all(entries))
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const entries = await readdir(path, { withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map(({ name }) => join(path, name))
  } catch {
    return []
  }
}

async function textOf(path: string): Promise<string> {
  try {
    const found = await stat(path)
    return found.isFile() && found.size <= fileMaxBytes ? await readFile(path, 'utf8') : ''
  } catch {
    return ''
  }
}
