import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root: the folder of package.json. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Whether this is the npm package: its programs are compiled, because Node runs no TypeScript below `node_modules/`. */
export const isPackage = import.meta.filename.endsWith('.js')

/**
 * Where files of users are, unless `UNHAPPY_HOME` names another folder: the project's root, or the folder in which the npm
 * package is called.
 */
export const usersFolder = isPackage ? process.cwd() : projectRoot

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

/** Code in `my-work/` imports `#services/...`: `folder` is in the project, or see `link-package.ts`. */
export function homeAt(folder: string): Home {
  return {
    folder,
    sandboxes: join(folder, '.unhappy', 'sandboxes'),
    work: join(folder, 'my-work'),
    runs: join(folder, 'runs'),
  }
}
