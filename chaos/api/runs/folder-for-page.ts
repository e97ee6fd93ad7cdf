import { existsSync } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'

import { projectRoot, usersFolder } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'

/**
 * The real path of a folder of seam files that a page names. It must be in the project or, for the npm package, in the user's
 * folder, and so must its files: a page must not make the shop run other code of this machine. Throws {@link InputError} (403).
 */
export async function folderForPage(named: string): Promise<string> {
  const base = existsSync(resolve(usersFolder, named)) ? usersFolder : projectRoot
  const root = await realpath(base)
  const folder = await realpath(resolve(base, named)).catch(() => undefined)
  if (folder === undefined || !isIn(folder, root)) throw outside(named)
  const names = await readdir(folder).catch((): string[] => [])
  for (const name of names.filter((file) => file.endsWith('.ts'))) {
    const file = await realpath(join(folder, name)).catch(() => undefined)
    if (file === undefined || !isIn(file, root)) throw outside(join(named, name))
  }
  return folder
}

function isIn(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}${sep}`)
}

function outside(named: string): InputError {
  return new InputError(
    `"${named}" is not in the project. A page may name only code of the project.`,
    {
      remedy:
        'Copy the code into my-work/, or start the run with: unhappy run SCENARIO --exercise FOLDER',
      status: 403,
    },
  )
}
