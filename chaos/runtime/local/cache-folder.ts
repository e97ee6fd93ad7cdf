import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { HostConfig } from './config.ts'

/**
 * The user's cache: binaries, template data, and the folders of running sandboxes. It lies where another user can get
 * through, because Postgres refuses to run as root and the clone may lie under a home that only root may enter. Everything
 * in it can be deleted while no sandbox runs; the next start makes it again.
 */
export function openCacheFolder(host: HostConfig): string {
  const name = `unhappy-path-${host.uid}`
  const tried: string[] = []
  for (const parent of new Set(['/var/tmp', host.temporaryFolder, '/tmp'])) {
    const folder = path.join(parent, name)
    try {
      requireTraversable(parent)
      openOwnFolder(folder, host.uid)
      return folder
    } catch (error) {
      tried.push(`${folder} (${messageOf(error)})`)
    }
  }
  throw new InputError(`No folder for the cache: ${tried.join('; ')}.`, {
    remedy: 'Set TMPDIR to a folder that you own and that every user may enter (chmod a+x).',
  })
}

/** A folder that somebody else made under this name may hold anything: it is not ours and never used. */
function openOwnFolder(folder: string, uid: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== uid) throw new Error('belongs to somebody else')
  chmodSync(folder, 0o711)
}

/** Whether every user may go through the folders that lead to the file, and read the file itself. */
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
