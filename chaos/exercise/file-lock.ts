import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'

import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** Replaces the locked file with this text, in one step. Call it at most once. */
export type ReplaceFile = (text: string) => Promise<void>

/** A change takes milliseconds. An older lock is abandoned, whatever its owner. */
const expiresAfterMs = 10_000
const giveUpAfterMs = 20_000
const retryEveryMs = 5

/**
 * Runs `work` while this caller alone holds the lock of a file. The lock works between processes: it is a file beside
 * the locked one and holds its owner. The lock of a dead process is removed, and so is one older than 10 s. An owner
 * that lost its lock cannot replace the file: its `work` runs again, with a new lock. Readers need no lock. `mode` is that
 * of the replaced file.
 *
 * Throws {@link InputError} when the lock stays taken for 20 s.
 */
export async function withFileLock<Result>(
  path: string,
  clock: Clock,
  work: (replace: ReplaceFile) => Promise<Result>,
  mode = 0o666,
): Promise<Result> {
  for (;;) {
    // The draft exists before the lock. A process that removes this lock removes the draft first: then the rename fails.
    const draft = `${path}.${randomUUID()}.tmp`
    await using file = await open(draft, 'wx', mode)
    const replace: ReplaceFile = async (text) => {
      await file.writeFile(text)
      await file.sync()
      await file.close()
      await rename(draft, path).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new LostLock() : error
      })
    }
    try {
      await using _lock = await takeLock(`${path}.lock`, draft, clock)
      return await work(replace)
    } catch (error) {
      if (!(error instanceof LostLock)) throw error
    } finally {
      await rm(draft, { force: true })
    }
  }
}

class LostLock extends Error {}

/** Content of a lock file. */
interface LockOwner {
  readonly host: string
  readonly pid: number
  /** Name of the owner's draft, in the folder of the locked file. */
  readonly draft: string
}

async function takeLock(path: string, draft: string, clock: Clock): Promise<AsyncDisposable> {
  const owner: LockOwner = { host: hostname(), pid: process.pid, draft: basename(draft) }
  const text = JSON.stringify(owner)
  const deadline = clock.now() + giveUpAfterMs
  while (!(await createFile(path, text))) {
    const found = await readLock(path)
    if (found !== undefined && isAbandoned(found, clock)) await removeLock(path, found.text, clock)
    if (clock.now() > deadline) throw stillLocked(path, found?.owner)
    await clock.sleep(retryEveryMs)
  }
  return {
    [Symbol.asyncDispose]: async () => {
      if ((await readLock(path))?.text === text) await rm(path, { force: true })
    },
  }
}

/** Returns false when the file exists. */
async function createFile(path: string, text: string): Promise<boolean> {
  try {
    await using file = await open(path, 'wx')
    await file.writeFile(text)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

interface FoundLock {
  readonly text: string
  /** Undefined while the owner writes it. */
  readonly owner: LockOwner | undefined
  readonly sinceMs: number
}

async function readLock(path: string): Promise<FoundLock | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    return { text, owner: parseOwner(text), sinceMs: mtimeMs }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    return JSON.parse(text) as LockOwner
  } catch {
    return undefined
  }
}

function isAbandoned({ owner, sinceMs }: FoundLock, clock: Clock): boolean {
  if (clock.wallTimeMs() - sinceMs > expiresAfterMs) return true
  return owner !== undefined && owner.host === hostname() && !isAlive(owner.pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** One process at a time removes an abandoned lock, and it removes only the lock that it found, never a newer one. */
async function removeLock(path: string, found: string, clock: Clock): Promise<void> {
  const guard = `${path}.removing`
  if (!(await createFile(guard, ''))) {
    const other = await readLock(guard)
    if (other !== undefined && isAbandoned(other, clock)) await rm(guard, { force: true })
    return
  }
  try {
    const draft = parseOwner(found)?.draft
    if (draft !== undefined) await rm(join(dirname(path), basename(draft)), { force: true })
    if ((await readLock(path))?.text === found) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

function stillLocked(path: string, owner: LockOwner | undefined): InputError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`
  return new InputError(`${path} is held by ${who} for more than ${giveUpAfterMs / 1_000} s.`, {
    remedy: `End that process. If it does not run, delete ${path}.`,
    status: 409,
  })
}
