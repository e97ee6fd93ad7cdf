import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { makeTraversable } from '../cache-folder.ts'
import { runChecked } from '../run-checked.ts'
import type { StoreSetup } from './store-setup.ts'

const compiler = fileURLToPath(new URL('compile-redis.ts', import.meta.url))

/**
 * Compiles Redis with the npm package `redis-memory-server`: needs make, a C compiler and some
 * minutes. Returns the program.
 */
export async function buildRedis(setup: StoreSetup): Promise<string> {
  const folder = path.join(setup.cacheFolder, `redis-compiled-${process.arch}`)
  const cached = path.join(folder, 'redis-server')
  if (existsSync(cached)) return cached
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
