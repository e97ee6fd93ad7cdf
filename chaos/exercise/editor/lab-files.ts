import { createHash, randomUUID } from 'node:crypto'
import { lstat, open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { LabCodeFile, SaveBody, SavedFile } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { workFolder } from '../folders.ts'
import { readSeamFile, sizeMaxBytes } from '../read-seam-file.ts'

/** The learner's files of a lab. A seam that was not started has none. */
export async function readLabFiles(home: Home, lab: Lab): Promise<readonly LabCodeFile[]> {
  const files = await Promise.all(
    lab.seams.map(async ({ seam }) => {
      const path = join(workFolder(home, lab), `${seam}.ts`)
      return (await isThere(path)) ? await readLabFile(home, lab, seam) : undefined
    }),
  )
  return files.filter((file) => file !== undefined)
}

/** Throws {@link InputError} for a file that does not exist, is a link, or is not a text file of a usual size. */
export async function readLabFile(home: Home, lab: Lab, seam: string): Promise<LabCodeFile> {
  const path = await guardedPath(home, lab, seam)
  await readSeamFile(path)
  const text = await readFile(path, 'utf8')
  return { seam, path: readablePath(path), text, version: versionOf(text) }
}

export type Saved = { readonly saved: SavedFile } | { readonly conflict: LabCodeFile }

/**
 * Replaces a learner's file in one step, if it is still the version that the change started from. Otherwise nothing is
 * written: another editor has changed the file. Saves of this process follow one another.
 */
export async function saveLabFile(
  home: Home,
  lab: Lab,
  seam: string,
  { text, basedOn }: SaveBody,
): Promise<Saved> {
  if (!text.isWellFormed() || text.includes('\0'))
    throw new InputError(`The text for ${seam}.ts is not text in UTF-8.`, {
      remedy: 'Remove the characters that no text file can contain.',
    })
  if (Buffer.byteLength(text) > sizeMaxBytes)
    throw new InputError(`The text for ${seam}.ts has more than 1 MB.`, {
      remedy: 'Keep only code in it. Move data into another file.',
    })
  const saving = lastSave.then(async () => replaceIfSame(home, lab, seam, { text, basedOn }))
  lastSave = saving.catch(() => undefined)
  return await saving
}

let lastSave: Promise<unknown> = Promise.resolve()

async function replaceIfSame(
  home: Home,
  lab: Lab,
  seam: string,
  { text, basedOn }: SaveBody,
): Promise<Saved> {
  const before = await readLabFile(home, lab, seam)
  const version = versionOf(text)
  // Nothing to do, even when the response to an earlier save of this text was lost and the page sends it again.
  if (before.version === version) return { saved: { version } }
  if (before.version !== basedOn) return { conflict: before }
  const path = await guardedPath(home, lab, seam)
  // Outside of the lab's folder: a program that lists that folder sees only complete files.
  const fresh = join(home.work, `.saving-${randomUUID()}`)
  try {
    const { mode } = await lstat(path)
    const handle = await open(fresh, 'wx', mode & 0o777)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    // Again, as late as possible: an editor may have saved while this text was written.
    const now = await readLabFile(home, lab, seam)
    if (now.version !== basedOn) return { conflict: now }
    await rename(fresh, path)
    return { saved: { version } }
  } finally {
    await rm(fresh, { force: true })
  }
}

/** SHA-256 of the text as UTF-8, in hexadecimal. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The path of a seam's file. Refuses links, so that the file is inside of the learner's folder. */
async function guardedPath(home: Home, lab: Lab, seam: string): Promise<string> {
  const seams = lab.seams.map((file) => file.seam)
  if (!seams.includes(seam)) throw unknownName('seam', seam, seams)
  const folder = workFolder(home, lab)
  const path = join(folder, `${seam}.ts`)
  const [realWork, realFolder] = await Promise.all([real(home.work), real(folder)])
  const found = await lstat(path).catch(() => undefined)
  if (realWork === undefined || realFolder === undefined || found === undefined)
    throw new InputError(`${readablePath(path)} does not exist.`, {
      remedy: `Start the lab: unhappy lab start ${lab.id} (it does not overwrite other files).`,
      status: 404,
    })
  if (realFolder !== join(realWork, lab.id) || found.isSymbolicLink())
    throw new InputError(
      `${readablePath(found.isSymbolicLink() ? path : folder)} is a symbolic link.`,
      { remedy: 'Replace the link with the file itself, or use your own editor.', status: 409 },
    )
  return path
}

async function real(path: string): Promise<string | undefined> {
  return await realpath(path).catch(() => undefined)
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}
