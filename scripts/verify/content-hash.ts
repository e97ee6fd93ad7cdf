import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

const isSource = /(?<!\.test)\.(ts|js|sql|yaml|json)$/
/** What decides nothing about a run. */
const leftOut = /^chaos\/(dashboard|cli|report|xray|runtime\/docker)\/|\/testing\/|node_modules/

/** Of the sources at and below these paths, names and contents: tests, pages and words about them do not count. */
export async function contentHash(...paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) for (const file of await filesBelow(path)) await add(hash, file)
  return hash.digest('hex')
}

async function filesBelow(path: string): Promise<readonly string[]> {
  if (!(await stat(join(projectRoot, path))).isDirectory()) return [path.replaceAll('\\', '/')]
  const entries = await readdir(join(projectRoot, path), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && isSource.test(entry.name))
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !leftOut.test(file))
    .toSorted()
}

async function add(hash: ReturnType<typeof createHash>, file: string): Promise<void> {
  hash
    .update(`${file}\0`)
    .update(await readFile(join(projectRoot, file)))
    .update('\0')
}
