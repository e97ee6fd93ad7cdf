import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import { startMaxMs } from '../start-deadline.ts'
import type { PlanContext } from './instance/plan-context.ts'
import type { Keeper } from './keeper/start-keeper.ts'

/** Where Node keeps compiled code. With it a service starts in half the time. */
export function compileCacheFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'compile-cache')
}

/**
 * Fills Node's compile cache once for each set of dependencies. Node writes the cache only when a
 * process exits normally, and instances are often killed. So one helper loads the same files and
 * exits: every app.ts next to an entry point. An entry point itself would start an instance.
 */
export async function warmCompileCache(
  keeper: Keeper,
  context: PlanContext,
  progress: (line: string) => void,
): Promise<void> {
  const folder = context.baseEnvironment['NODE_COMPILE_CACHE'] ?? ''
  const { name, topology } = context.system
  const mark = path.join(folder, `warm-${name}-${await dependenciesHash(context.projectRoot)}`)
  if (existsSync(mark)) return
  const apps = new Set(
    topology.instances.flatMap(({ main }) =>
      main === undefined ? [] : [path.join(path.dirname(main), `app${path.extname(main)}`)],
    ),
  )
  const files = [...apps]
    .map((app) => path.join(context.projectRoot, app))
    .filter((app) => existsSync(app))
  if (files.length === 0) return
  progress(`Compiling the ${name} (once) ...`)
  const result = await keeper.request('run', {
    command: process.execPath,
    args: ['--input-type=module', '--eval', loadAndLeave, ...files],
    environment: context.baseEnvironment,
    cwd: context.projectRoot,
    timeoutMs: startMaxMs,
  })
  // The cache only saves time. A file that does not load fails in its own service.
  if (result.code !== 0) return
  await mkdir(folder, { recursive: true })
  await writeFile(mark, '')
}

const loadAndLeave = `
import { pathToFileURL } from 'node:url'
for (const file of process.argv.slice(1)) await import(pathToFileURL(file).href)
process.exit(0)
`

async function dependenciesHash(projectRoot: string): Promise<string> {
  const hash = createHash('sha256').update(projectRoot).update(process.version)
  // The npm package has no package-lock.json: its package.json names exact versions.
  for (const name of ['package.json', 'package-lock.json'])
    hash.update(await readFile(path.join(projectRoot, name)).catch(() => ''))
  return hash.digest('hex').slice(0, 16)
}
