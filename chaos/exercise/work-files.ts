import { existsSync } from 'node:fs'
import { constants, copyFile, mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import type { Home } from '#chaos/home/home.ts'
import { linkPackage } from '#chaos/home/link-package.ts'
import { readablePath } from '#chaos/home/readable-path.ts'

import { labFolder, workFolder } from './folders.ts'

export interface WorkFile {
  readonly path: string
  readonly modifiedAt: string
}

/** Copies the starting code. Files that exist stay as they are. Returns the paths of the copied files. */
export async function copyStart(home: Home, lab: Lab): Promise<readonly string[]> {
  const target = workFolder(home, lab)
  await mkdir(target, { recursive: true })
  await linkPackage(home)
  const copied: string[] = []
  for (const { seam } of lab.seams) {
    const name = `${seam}.ts`
    try {
      await copyFile(
        join(labFolder(lab), 'start', name),
        join(target, name),
        constants.COPYFILE_EXCL,
      )
      copied.push(readablePath(join(target, name)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return copied
}

/** Moves the learner's folder to `my-work/.backups/`. Returns the backup's path; undefined: there is no folder. */
export async function backUpWork(home: Home, lab: Lab, now: Date): Promise<string | undefined> {
  const source = workFolder(home, lab)
  if (!existsSync(source)) return undefined
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-')
  const backup = join(home.work, '.backups', `${lab.id}-${stamp}`)
  await mkdir(join(home.work, '.backups'), { recursive: true })
  await rename(source, backup)
  return readablePath(backup)
}

/** The learner's files, without hidden ones. */
export async function listWork(home: Home, lab: Lab): Promise<readonly WorkFile[]> {
  const folder = workFolder(home, lab)
  if (!existsSync(folder)) return []
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      return { path: readablePath(path), modifiedAt: (await stat(path)).mtime.toISOString() }
    }),
  )
}
