import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

import { pathForMessage } from '#chaos/home/readable-path.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

/** The shop's own files have up to 10 KB. */
export const sizeMaxBytes = 1_048_576

/** SHA-256 of the file's bytes. Throws {@link InputError} for what is not a readable text file of a usual size. */
export async function readSeamFile(path: string): Promise<string> {
  const name = pathForMessage(path)
  try {
    // A named pipe or a device has no end, so it must not be read.
    const found = await stat(path)
    if (!found.isFile())
      throw new InputError(
        `${name} is ${found.isDirectory() ? 'a folder' : 'not a regular file'}.`,
        {
          remedy: 'Put a TypeScript file there.',
        },
      )
    if (found.size > sizeMaxBytes)
      throw new InputError(
        `${name} has ${(found.size / sizeMaxBytes).toFixed(1)} MB. A seam file has at most 1 MB.`,
        { remedy: 'Keep only code in it. Move data into another file.' },
      )
    const bytes = await readFile(path)
    if (!isUtf8(bytes))
      throw new InputError(`${name} is not UTF-8 text.`, { remedy: 'Save it as UTF-8.' })
    return createHash('sha256').update(bytes).digest('hex')
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(name, error)
  }
}

/** The error for a file or a folder that the system does not let this process read. */
export function unreadable(name: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const [what, remedy] = reasons[code] ?? [`cannot be read: ${messageOf(error)}`, 'Check the path.']
  return new InputError(`${name} ${what}${code === '' ? '' : ` (${code})`}.`, { remedy })
}

const reasons: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  EACCES: ['may not be read by this user', 'Change its permissions: chmod u+r FILE'],
  EPERM: ['may not be read by this user', 'Change its permissions: chmod u+r FILE'],
  ELOOP: ['is a symbolic link that leads back to itself', 'Replace the link with the file.'],
  ENOENT: ['does not exist, or is a symbolic link to nothing', 'Create the file.'],
  ENOTDIR: ['is below a path that is not a folder', 'Name a folder of seam files.'],
}
