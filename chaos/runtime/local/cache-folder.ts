import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { HostConfig } from './config.ts'

/**
 * The user's cache: binaries, template data, and the folders of running sandboxes. Every user can
 * pass through it: Postgres refuses to run as root, and the checkout may be in a home that only
 * root may enter. You can delete it while no sandbox runs; the next start creates it again. Throws
 * {@link InputError} when no folder is suitable.
 */
export function openCacheFolder(host: HostConfig): string {
  const tried: string[] = []
  for (const folder of candidates(host)) {
    try {
      requireTraversable(path.dirname(folder))
      openOwnFolder(folder, host.uid)
      return folder
    } catch (error) {
      tried.push(`${folder} (${messageOf(error)})`)
    }
  }
  throw new InputError(`No folder for the cache: ${tried.join('; ')}.`, {
    remedy: 'Set UNHAPPY_CACHE to a folder that you own and every user may enter (chmod a+x).',
  })
}

/** The cache folders that exist. Creates nothing. */
export function existingCacheFolders(host: HostConfig): string[] {
  return candidates(host).filter((folder) => {
    const stat = lstatSync(folder, { throwIfNoEntry: false })
    return stat?.isDirectory() === true && stat.uid === host.uid
  })
}

function candidates(host: HostConfig): string[] {
  if (host.cacheFolder !== undefined) return [path.resolve(host.cacheFolder)]
  const parents = new Set(['/var/tmp', host.temporaryFolder, '/tmp'])
  return [...parents].map((parent) => path.join(parent, `unhappy-path-${host.uid}`))
}

/** A folder of another user with this name is never used: it may contain anything. */
function openOwnFolder(folder: string, uid: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== uid) throw new Error('it belongs to another user')
  chmodSync(folder, 0o711)
}

/**
 * Creates a folder that every user can pass through but not list: under root the stores run as another user. chmod is
 * needed because a strict umask removes this right from mkdir. It is synchronous, so the keeper never misses a folder that
 * exists.
 */
export function makeTraversable(folder: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o711)
}

/** Whether every user can pass through the folders above the file, and read the file. */
export function isTraversable(file: string): boolean {
  try {
    requireTraversable(path.dirname(file))
    return (statSync(file).mode & 0o005) === 0o005
  } catch {
    return false
  }
}

function requireTraversable(folder: string): void {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) throw new Error(`${at} is closed to other users`)
    if (at === path.dirname(at)) return
  }
}
