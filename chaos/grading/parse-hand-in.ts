import { Check } from 'typebox/value'

import type { Lab } from '#chaos/contracts/lab.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { sizeMaxBytes } from '#chaos/exercise/read-seam-file.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import { HandInSchema } from './hand-in.ts'
import type { HandedInLab, HandIn } from './hand-in.ts'

const remedy = 'Ask the learner for a new file: unhappy lab hand-in'

/** The content of a handed-in file. Nothing in it is trusted. Throws {@link InputError}. */
export function parseHandIn(text: string): HandIn {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new InputError('It is not JSON.', { remedy })
  }
  if (Check(HandInSchema, value)) return value
  throw new InputError('It is JSON, and not a hand-in of this version.', { remedy })
}

/** The lab of a part of a hand-in. Throws {@link InputError} unless the files are exactly those that the lab replaces. */
export function checkHandedInLab(labs: readonly Lab[], { lab: id, files }: HandedInLab): Lab {
  const lab = findLab(labs, id)
  const expected = lab.seams.map(({ seam }) => seam)
  const other = files.find(({ seam }) => !expected.includes(seam))
  if (other !== undefined)
    throw new InputError(`"${shortened(other.seam)}" is not a seam of the lab ${lab.id}.`, {
      remedy,
    })
  for (const seam of expected) {
    const found = files.filter((file) => file.seam === seam)
    const [file] = found
    if (file === undefined || found.length > 1)
      throw new InputError(`The file of ${seam} is in it ${found.length} times.`, { remedy })
    if (Buffer.byteLength(file.text) > sizeMaxBytes)
      throw new InputError(`${seam}.ts has more than 1 MB.`, { remedy })
    if (!file.text.isWellFormed() || file.text.includes('\0'))
      throw new InputError(`${seam}.ts is not text in UTF-8.`, { remedy })
  }
  return lab
}
