import { cp, mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

import type { Home } from '#chaos/home/home.ts'

export interface CodeSnapshot extends AsyncDisposable {
  readonly folder: string
}

/**
 * Copies the code that is judged, so that a file saved while the run goes on changes nothing: an instance that restarts
 * gets the same code again. The copy lies in `my-work/`, which every runtime shows to the services.
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
