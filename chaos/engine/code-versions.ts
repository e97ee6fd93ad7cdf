import type { CodeName } from '#chaos/contracts/fault.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { RunRequest } from './run/run-request.ts'

/** A folder of seam files, and the seams that it must contain. Undefined stands for the shop's own code. */
export type Exercise = NonNullable<RunRequest['exercise']>

/** The code of the latest run: the judged code, and the frozen code that runs before the deploy. */
export interface CodeVersions {
  readonly frozen: Exercise | undefined
  set(versions: { readonly judged?: Exercise; readonly frozen?: Exercise }): void
  /** The environment with which an instance runs that code. Throws {@link InputError} if the run has no such code. */
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
      throw new InputError('The run has no frozen code.', {
        remedy: 'Name its folder in the scenario: shop: { frozen: ... }.',
      })
    },
  }
}

/** The environment with which an instance runs these seam files; empty for the shop's own code. */
export function exerciseEnvironment(exercise: Exercise | undefined): Environment {
  if (exercise === undefined) return {}
  return { EXERCISE_DIR: exercise.folder, EXPECTED_SEAMS: exercise.seams.join(',') }
}
