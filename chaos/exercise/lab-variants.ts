import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { RunBody } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import { readVariants, variantsNamed } from '#chaos/engine/scenario/variants-file.ts'
import type { VariantsText } from '#chaos/engine/scenario/variants-file.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { labFolder } from './folders.ts'

/** The lab's `variants.yaml`. Undefined: it has none. */
export async function readLabVariants(lab: Lab): Promise<VariantsText | undefined> {
  const path = join(labFolder(lab), 'variants.yaml')
  try {
    return { file: readablePath(path), text: await readFile(path, 'utf8') }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Throws {@link InputError} unless a check of the lab can run the variants that the request names, if it names some. */
export async function checkVariantNames(
  system: System,
  lab: Lab,
  { variants, quick }: Pick<RunBody, 'variants' | 'quick'>,
): Promise<void> {
  if (variants === undefined) return
  if (quick === true)
    throw new InputError(
      `A quick check runs no variants, and this one names some: ${variants.join(', ')}.`,
      { remedy: 'Leave out either quick or variants.' },
    )
  const text = await readLabVariants(lab)
  if (text === undefined)
    throw new InputError(`The lab ${lab.id} has no variants.`, {
      remedy: `Check it without variants: unhappy lab check ${lab.id}`,
    })
  variantsNamed(readVariants(text, system).variants, variants)
}
