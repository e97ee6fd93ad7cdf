import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { InputError } from '#chaos/lib/errors.ts'

import { makeTraversable } from '../cache-folder.ts'
import { runChecked } from '../run-checked.ts'
import type { StoreSetup } from './store-setup.ts'

const compilingPackage = 'redis-memory-server'
const compiler = fileURLToPath(new URL('compile-redis.ts', import.meta.url))

/**
 * Compiles Redis with the npm package `redis-memory-server`: needs make, a C compiler and some
 * minutes. Returns the program. Throws {@link InputError} when that package is not installed.
 */
export async function buildRedis(setup: StoreSetup): Promise<string> {
  const folder = path.join(setup.cacheFolder, `redis-compiled-${process.arch}`)
  const cached = path.join(folder, 'redis-server')
  if (existsSync(cached)) return cached
  if (!isInstalled(compilingPackage))
    throw new InputError(`the npm package ${compilingPackage}, which compiles it, is not installed`)
  setup.progress('Compiling Redis into the cache (once, some minutes) ...')
  makeTraversable(folder)
  await runChecked(setup.keeper, {
    command: process.execPath,
    args: [compiler, path.join(setup.stagingFolder, 'redis-compiled'), cached],
    environment: { ...setup.host.baseEnvironment, ...setup.host.networkEnvironment },
    cwd: setup.stagingFolder,
    timeoutMs: 15 * 60_000,
  })
  return cached
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}
