import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { handInMaxBytes } from './hand-in.ts'
import type { HandedInLab } from './hand-in.ts'
import { checkHandedInLab, parseHandIn } from './parse-hand-in.ts'

/** One file of the folder. */
export interface Submission {
  /** Name of the file. */
  readonly file: string
  /** The name in the file, or else the name of the file. */
  readonly learner: string
  readonly labs: readonly SubmittedLab[]
  /** Why the file cannot be read. Then it has no labs. */
  readonly problem?: string
}

export interface SubmittedLab {
  readonly handedIn: HandedInLab
  /** Absent: `problem` says why the code cannot be judged. */
  readonly lab?: Lab
  readonly problem?: string
}

/** Every `.json` file that is directly in the folder, by name. Throws {@link InputError} if there is none. */
export async function readSubmissions(
  folder: string,
  labs: readonly Lab[],
): Promise<readonly Submission[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new InputError(`The folder ${folder} cannot be read: ${messageOf(error)}`, {
      remedy: 'Name the folder with the files that the learners handed in.',
    })
  })
  const files = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).toSorted()
  if (files.length === 0)
    throw new InputError(`The folder ${folder} has no hand-in.`, {
      remedy: 'Put the files of the learners there. They make them with: unhappy lab hand-in',
    })
  const submissions: Submission[] = []
  for (const file of files) submissions.push(await readSubmission(folder, file, labs))
  return submissions
}

async function readSubmission(
  folder: string,
  file: string,
  labs: readonly Lab[],
): Promise<Submission> {
  const fileName = file.replace(/\.json$/, '')
  try {
    const { name, labs: handedIn } = parseHandIn(await readRegularFile(join(folder, file)))
    return {
      file,
      learner: name ?? fileName,
      labs: handedIn.map((part) => checked(labs, part)),
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { file, learner: fileName, labs: [], problem: error.message }
  }
}

function checked(labs: readonly Lab[], handedIn: HandedInLab): SubmittedLab {
  try {
    return { handedIn, lab: checkHandedInLab(labs, handedIn) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { handedIn, problem: error.message }
  }
}

/** Never follows a link, never waits for a pipe, and reads no file of an unusual size. */
async function readRegularFile(path: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  await using file = await open(path, flags).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(
      code === 'ELOOP' ? 'It is a symbolic link.' : `It cannot be read (${code ?? ''}).`,
    )
  })
  const found = await file.stat()
  if (!found.isFile()) throw new InputError('It is not a regular file.')
  if (found.size > handInMaxBytes)
    throw new InputError(
      `It has ${(found.size / 1_048_576).toFixed(1)} MB. A hand-in has at most ${handInMaxBytes / 1_048_576} MB.`,
    )
  return await file.readFile('utf8')
}
