import type { CodeName } from '#chaos/contracts/fault.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { RunRequest } from './run/run-request.ts'

/** Seam files, and the seams that must be among them; undefined is the shop's own code. */
export type Exercise = NonNullable<RunRequest['exercise']>

/** The code that a run is about: what is judged, and what was there before. Kept until the next run. */
export interface CodeVersions {
  readonly frozen: Exercise | undefined
  set(versions: { readonly judged?: Exercise; readonly frozen?: Exercise }): void
  /** The settings that make an instance run it. Throws {@link InputError} when there is no such code now. */
  readonly environmentOf: (name: CodeName) => Environment
}

export function createCodeVersions(): CodeVersions {
  let judged: Exercise | undefined
  let frozen: Exercise | undefined
  return {
    get frozen() {
      return frozen
    },
    set: (versions) => {
      ;({ judged, frozen } = versions)
    },
    environmentOf: (name) => {
      if (name === 'judged') return exerciseEnvironment(judged)
      if (frozen !== undefined) return exerciseEnvironment(frozen)
      throw new InputError('There is no frozen code now.', {
        remedy: 'A scenario names its folder: shop: { frozen: ... }.',
      })
    },
  }
}

/** What an instance is started with to run these files; nothing for the shop's own. */
export function exerciseEnvironment(exercise: Exercise | undefined): Environment {
  if (exercise === undefined) return {}
  return { EXERCISE_DIR: exercise.folder, EXPECTED_SEAMS: exercise.seams.join(',') }
}
