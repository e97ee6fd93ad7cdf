import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'

/** A list of processes, stores and links. */
export function isSystemFile(argument: string): boolean {
  return /\.ya?ml$/.test(argument)
}

/** Adopts processes without Docker. The one place where that way begins. */
export async function adoptSystemFile(_cli: Cli, file: string): Promise<number> {
  throw new InputError(`${file}: system files are not supported yet.`)
}
