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
  /** What the command needs beside the usual environment. */
  readonly environment: Readonly<Record<string, string>>
  /** Whether another user can get at it, so that root need not run it as root. */
  readonly reachable: boolean
}

const programs = ['redis-server', 'valkey-server']

/**
 * Finds a Redis, or gets one: from PATH; else from the distribution's archive into the cache, which needs no root and
 * changes nothing on the machine; else compiled. The last two happen once.
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

/** The first executable of one of the names, as a shell would find it. */
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
