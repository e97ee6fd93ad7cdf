import { existsSync } from 'node:fs'
import { mkdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { isPackage, projectRoot } from './home.ts'
import type { Home } from './home.ts'

/** What Node and an editor read about the learner's files. */
const files = {
  'package.json': {
    private: true,
    type: 'module',
    imports: { '#services/*.ts': 'unhappy-path/services/*.js' },
  },
  'tsconfig.json': {
    extends: 'unhappy-path/tsconfig.json',
    compilerOptions: {
      noUnusedLocals: false,
      noUnusedParameters: false,
      noPropertyAccessFromIndexSignature: false,
    },
    include: ['**/*.ts'],
  },
}

/**
 * In a clone, code in `my-work/` finds `#services/...` and the packages of the shop, because it is in the project. For the npm
 * package this writes what leads there, for Node and for an editor. Changes no file that exists.
 */
export async function linkPackage(home: Home): Promise<void> {
  if (isPackage) await linkInto(home.work, projectRoot)
}

/** Links `work` to a package and to all of its dependencies: which of them a learner's file imports is not known. */
export async function linkInto(work: string, packageFolder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly dependencies: Readonly<Record<string, string>>
  }
  const packages = join(work, 'node_modules')
  await link(join(packages, manifest.name), packageFolder)
  for (const name of Object.keys(manifest.dependencies)) {
    const folder = await folderOf(name, packageFolder)
    if (folder !== undefined) await link(join(packages, name), folder)
  }
  for (const [name, content] of Object.entries(files))
    await unlessExists(
      writeFile(join(work, name), `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' }),
    )
}

/** Where Node finds the dependency of a package. */
async function folderOf(name: string, packageFolder: string): Promise<string | undefined> {
  for (let at = packageFolder; dirname(at) !== at; at = dirname(at)) {
    const folder = join(at, 'node_modules', name)
    if (existsSync(folder)) return await realpath(folder)
  }
  return undefined
}

/** A link that leads elsewhere is from another version of the package. A folder is the learner's own. */
async function link(path: string, target: string): Promise<void> {
  const current = await readlink(path).catch(() => undefined)
  if (current === target) return
  if (current !== undefined) await rm(path, { force: true })
  await mkdir(dirname(path), { recursive: true })
  await unlessExists(symlink(target, path, 'junction'))
}

async function unlessExists(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
