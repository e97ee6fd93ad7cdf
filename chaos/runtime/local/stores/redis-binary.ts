import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { isTraversable } from '../cache-folder.ts'
import { buildRedis } from './build-redis.ts'
import {
  aptLibraryPath,
  fetchRedisThroughApt,
  findFetchedRedis,
} from './fetch-redis-through-apt.ts'
import type { StoreSetup } from './store-setup.ts'

export interface RedisBinary {
  readonly command: string
  /** Variables that the command needs beyond the usual environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Whether another user can run it. If so, root does not have to run it as root. */
  readonly reachable: boolean
}

const programs = ['redis-server', 'valkey-server']

/**
 * Finds a Redis or installs one: from PATH; else from the distribution's packages into the cache,
 * without root and without a change to the machine; else by compiling. The last two happen once.
 * Throws {@link InputError} when all of them fail.
 */
export async function installRedis(setup: StoreSetup): Promise<RedisBinary> {
  const found = findInPath(setup.host.path)
  if (found !== undefined)
    return { command: found, environment: {}, reachable: isTraversable(realpathSync(found)) }
  const failed: string[] = []
  for (const get of [findFetchedRedis, fetchRedisThroughApt, buildRedis]) {
    try {
      const command = await get(setup)
      if (command !== undefined)
        return { command, environment: aptLibraryPath(command), reachable: true }
    } catch (error) {
      failed.push(messageOf(error))
    }
  }
  const tried = failed.length === 0 ? '' : ` Tried to get one: ${failed.join('; ')}.`
  throw new InputError(`No redis-server or valkey-server in PATH.${tried}`, {
    remedy: `${installHint(setup.host.platform)} Or use Docker: docker compose up.`,
  })
}

/** The first executable with one of the names, as a shell finds it. */
function findInPath(searchPath: string): string | undefined {
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder))
  const files = programs.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return files.find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return existsSync(file) && statSync(file).isFile()
  } catch {
    return false
  }
}

function installHint(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Install it: brew install redis.'
  return 'Install it: sudo apt-get install redis-server, sudo dnf install valkey, or sudo apk add redis.'
}
