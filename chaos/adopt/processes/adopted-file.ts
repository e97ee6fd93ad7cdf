import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { System } from '#chaos/contracts/system.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { systemOfFile } from './system-of-file.ts'

/** The variable with which the CLI tells a controller which system file to adopt. */
const variable = 'UNHAPPY_ADOPT_FILE'

/** `file` is absolute. */
export function systemFileVariables(file: string): Readonly<Record<string, string>> {
  return { [variable]: file }
}

/** The system of the file that the variable names, and its folder; undefined: it is not set. Throws {@link InputError}. */
export async function readAdoptedFile(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly system: System; readonly flowFolder: string } | undefined> {
  const file = environment[variable]
  if (file === undefined || file === '') return undefined
  return { system: await readSystemFile(file), flowFolder: dirname(file) }
}

/** The system of a system file. `file` is absolute. Throws {@link InputError} with file, line, value and remedy. */
export async function readSystemFile(file: string): Promise<System> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new InputError(`${readablePath(file)} cannot be read: ${messageOf(error)}.`, {
      remedy: 'Name a system file: docs/system-files.md has an example.',
    })
  }
  return systemOfFile(text, file, readablePath(file))
}
