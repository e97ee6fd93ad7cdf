import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { labFolder } from '#chaos/exercise/folders.ts'

import { handInFormat } from '../hand-in.ts'
import type { HandedInLab, HandIn } from '../hand-in.ts'

/** A hand-in of one lab, without a prediction and without words. */
export function handInOf(name: string, lab: string, files: HandedInLab['files']): HandIn {
  return {
    format: handInFormat,
    v: 1,
    name,
    version: '0.1.0',
    labs: [
      {
        lab,
        startedAt: null,
        prediction: null,
        explanation: null,
        lenses: { contract: '', truth: '', failure: '', blastRadius: '', tradeOff: '' },
        hintsUsed: 0,
        unlocked: {},
        runs: [],
        files,
      },
    ],
  }
}

/** The files of a version in the lab's folder: `start`, `near-misses/NAME`, `alternatives/NAME`. */
export async function filesOfVersion(lab: Lab, version: string): Promise<HandedInLab['files']> {
  const folder = join(labFolder(lab), version)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).toSorted()
  return await Promise.all(
    names.map(async (name) => ({
      seam: name.slice(0, -3),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  )
}
