import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

const isSource = /(?<!\.test)\.(ts|js|sql|yaml|json)$/
/** Code that does not affect the verdict of a run. */
const leftOut =
  /^chaos\/(dashboard|cli|report|(shop\/)?xray|runtime\/docker)\/|\/testing\/|node_modules/

/** A hash of the names and contents of the sources at and below the given paths, without tests and documents. What does not affect verdicts counts only if its folder is given. */
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
    .filter((file) => leftOut.test(`${path}/`) || !leftOut.test(file))
    .toSorted()
}

async function add(hash: ReturnType<typeof createHash>, file: string): Promise<void> {
  hash
    .update(`${file}\0`)
    .update(await readFile(join(projectRoot, file)))
    .update('\0')
}
