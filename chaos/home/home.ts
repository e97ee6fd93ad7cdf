import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root: where package.json is. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Where everything that users and runs leave behind lives. */
export interface Home {
  /** Absolute; paths in answers are relative to it. */
  readonly folder: string
  /** Files by which running sandboxes are found. */
  readonly sandboxes: string
  /** The learner's code and progress. */
  readonly work: string
  /** One folder per run. */
  readonly runs: string
}

/** `folder` must lie in the project, else code in `my-work/` cannot import `#services/...`. */
export function homeAt(folder: string): Home {
  return {
    folder,
    sandboxes: join(folder, '.unhappy', 'sandboxes'),
    work: join(folder, 'my-work'),
    runs: join(folder, 'runs'),
  }
}
