import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { exerciseFolder, readablePath, shopSeamFile } from './lab-paths.ts'
import type { Version } from './lab-paths.ts'
import { probeSeam } from './probe-seam.ts'

/**
 * Refuses code that could not be judged before anything is started: a seam file that is missing, misnamed, does not load
 * or has no such export. Throws {@link InputError} that names the file and what to do.
 */
export async function checkSeamFiles(home: Home, lab: Lab, version: Version): Promise<void> {
  const folder = exerciseFolder(home, lab, version)
  if (folder === undefined) return
  if (!existsSync(folder))
    throw new InputError(`There is no ${readablePath(folder)}/.`, {
      remedy:
        version === 'mine'
          ? `Begin with: unhappy lab start ${lab.id}`
          : `Its versions are in ${readablePath(folder)}/..`,
    })
  const expected = lab.seams.map(({ seam }) => `${seam}.ts`)
  await refuseStrangers(folder, expected, lab)
  for (const { seam } of lab.seams) await probe(join(folder, `${seam}.ts`), seam, lab)
}

async function refuseStrangers(
  folder: string,
  expected: readonly string[],
  lab: Lab,
): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /\.[cm]?[jt]s$/.test(name))
  const missing = expected.filter((name) => !names.includes(name))
  const strangers = names.filter((name) => !expected.includes(name))
  const wanted = expected.map((name) => readablePath(join(folder, name))).join(', ')
  if (missing.length > 0)
    throw new InputError(
      `${readablePath(join(folder, missing[0] ?? ''))} is missing${strangers.length > 0 ? `, and ${strangers.join(', ')} is no seam of this lab` : ''}.`,
      {
        remedy:
          strangers.length > 0
            ? `Rename it to ${missing[0]}: the file's name says which part of the shop it replaces.`
            : `Get the starting version back: unhappy lab start ${lab.id} (it never overwrites).`,
      },
    )
  if (strangers.length > 0)
    throw new InputError(
      `${readablePath(join(folder, strangers[0] ?? ''))} is no seam of the lab ${lab.id}.`,
      { remedy: `It replaces only ${wanted}. Put everything into that file, or remove the other.` },
    )
}

async function probe(path: string, seam: string, lab: Lab): Promise<void> {
  const result = await probeSeam(path, exportNameOf(seam))
  if (result.ok) return
  const shop = lab.seams.filter((known) => known.seam === seam).map((known) => shopSeamFile(known))
  throw new InputError(`${readablePath(path)} ${result.problem}`, {
    remedy:
      result.kind === 'export'
        ? `Export a function named ${exportNameOf(seam)}, as ${shop.map((file) => readablePath(file)).join('')} does.`
        : 'Mend the file, then check again. Nothing was judged.',
  })
}

/** `place-order` is exported as `placeOrder`. */
function exportNameOf(seam: string): string {
  return seam.replaceAll(/-(.)/g, (_match, letter: string) => letter.toUpperCase())
}
