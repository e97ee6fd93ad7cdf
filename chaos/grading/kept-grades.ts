import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import type { Grade } from './grade.ts'
import type { HandedInLab } from './hand-in.ts'

/** Grades of earlier calls, one file each. The same code, judged in the same way, has the same file. */
export interface KeptGrades {
  get(key: string): Promise<Grade | undefined>
  /** An inconclusive grade is not kept: the next call judges the code again. */
  keep(key: string, grade: Grade): Promise<void>
}

export function openKeptGrades(folder: string): KeptGrades {
  const pathOf = (key: string): string => join(folder, `${key}.json`)
  return {
    get: async (key) => {
      try {
        return JSON.parse(await readFile(pathOf(key), 'utf8')) as Grade
      } catch {
        // There is none, or it is damaged: the code is judged again.
        return undefined
      }
    },
    keep: async (key, grade) => {
      if (grade.outcome === 'inconclusive') return
      await mkdir(folder, { recursive: true })
      await writeAtomically(pathOf(key), `${JSON.stringify(grade, null, 2)}\n`)
    },
  }
}

/** SHA-256 of everything that decides the grade: the code, the lab's scenario and variants, the seed, and the version. */
export async function gradeKey(
  lab: Lab,
  { files }: Pick<HandedInLab, 'files'>,
  { seed, version }: { readonly seed: number; readonly version: string },
): Promise<string> {
  const texts = await Promise.all(
    ['scenario.yaml', 'variants.yaml'].map(
      async (name) => await readFile(join(labFolder(lab), name), 'utf8').catch(() => ''),
    ),
  )
  const code = lab.seams.map(({ seam }) => [seam, files.find((file) => file.seam === seam)?.text])
  return createHash('sha256')
    .update(JSON.stringify([1, version, seed, lab.id, texts, code]))
    .digest('hex')
}
