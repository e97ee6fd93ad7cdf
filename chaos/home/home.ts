import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root: the folder of package.json. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** The folders that hold the files of users, runs and sandboxes. */
export interface Home {
  /** Absolute. */
  readonly folder: string
  /** One file per running sandbox: see sandbox-file.ts. */
  readonly sandboxes: string
  /** The learner's code and progress. */
  readonly work: string
  /** One folder per run. */
  readonly runs: string
}

/** `folder` must be in the project: code in `my-work/` imports `#services/...`. */
export function homeAt(folder: string): Home {
  return {
    folder,
    sandboxes: join(folder, '.unhappy', 'sandboxes'),
    work: join(folder, 'my-work'),
    runs: join(folder, 'runs'),
  }
}
