import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import { isPackage } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { checkSeams, type SeamHashes } from './check-seams.ts'
import { exerciseFolder } from './folders.ts'
import { unreadable } from './read-seam-file.ts'
import type { Version } from './version.ts'

/**
 * Checks, before a run starts, that the code can be judged. Throws {@link InputError} for a seam file that is missing, has
 * a wrong name, does not load or does not export its function. The result is empty for the shop's own code.
 */
export async function checkSeamFiles(
  system: Pick<System, 'seams'>,
  home: Home,
  lab: Lab,
  version: Version,
): Promise<SeamHashes> {
  const folder = exerciseFolder(home, lab, version)
  if (folder === undefined) return {}
  if (!existsSync(folder))
    throw new InputError(`The folder ${readablePath(folder)}/ does not exist.`, {
      remedy:
        version === 'mine'
          ? `Start the lab: unhappy lab start ${lab.id}`
          : `The versions of the lab are in ${readablePath(join(folder, '..'))}/.`,
    })
  const expected = lab.seams.map(({ seam }) => `${seam}.ts`)
  // In the npm package, compiled files are next to those of its own versions.
  const ending = isPackage && version !== 'mine' ? /\.ts$/ : /\.[cm]?[jt]s$/
  await refuseOtherFiles(folder, expected, { lab, ending })
  return await checkSeams(
    system,
    folder,
    lab.seams.map(({ seam }) => seam),
  )
}

async function refuseOtherFiles(
  folder: string,
  expected: readonly string[],
  { lab, ending }: { readonly lab: Lab; readonly ending: RegExp },
): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw unreadable(readablePath(folder), error)
  })
  const names = entries.filter((name) => ending.test(name))
  const missing = expected.filter((name) => !names.includes(name))
  const others = names.filter((name) => !expected.includes(name))
  const wanted = expected.map((name) => readablePath(join(folder, name))).join(', ')
  if (missing.length > 0)
    throw new InputError(
      `${readablePath(join(folder, missing[0] ?? ''))} is missing${others.length > 0 ? `, and ${others.join(', ')} is not a seam of this lab` : ''}.`,
      {
        remedy:
          others.length > 0
            ? `Rename it to ${missing[0]}: the file name is the name of the seam that it replaces.`
            : `Copy the starting code again: unhappy lab start ${lab.id} (it does not overwrite other files).`,
      },
    )
  if (others.length > 0)
    throw new InputError(
      `${readablePath(join(folder, others[0] ?? ''))} is not a seam of the lab ${lab.id}.`,
      {
        remedy: `This lab replaces only ${wanted}. Put all code into that file and delete the other one.`,
      },
    )
}
