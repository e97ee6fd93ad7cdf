import { cp, mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

import type { Home } from '#chaos/home/home.ts'

export interface CodeSnapshot extends AsyncDisposable {
  readonly folder: string
}

/**
 * Copies the code that a run judges. A file that the learner saves during the run then changes nothing, and an instance
 * that restarts loads the same code. The copy is in `my-work/`: services can read that folder in every runtime.
 * Disposing removes the copy. A second copy stays in the run's folder.
 */
export async function takeCodeSnapshot(
  home: Home,
  run: { readonly id: string; readonly folder: string },
  source: string,
): Promise<CodeSnapshot> {
  const folder = join(home.work, '.judged', run.id)
  await mkdir(folder, { recursive: true })
  const isCode = (path: string): boolean =>
    path === source || (!basename(path).startsWith('.') && path.endsWith('.ts'))
  await cp(source, folder, { recursive: true, filter: isCode })
  await cp(folder, join(run.folder, 'code'), { recursive: true })
  return {
    folder,
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }),
  }
}
