import { createHash } from 'node:crypto'
import { constants, copyFile, cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { changed } from '#chaos/exercise/check-seams.ts'
import type { Home } from '#chaos/home/home.ts'
import { pathForMessage } from '#chaos/home/readable-path.ts'
import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'

import type { CheckedCode } from './run-plan.ts'

/** Copies of the code that runs judge. They are in `my-work/`: services can read that folder in every runtime. */
export interface CodeSnapshots {
  /**
   * Copies the code that a run judges and returns the folder. A file that the learner saves during the run then changes
   * nothing, and an instance that restarts loads the same code. A second copy stays in the run's folder. Throws
   * {@link InputError} if the code is not what was checked.
   */
  take(run: { readonly id: string; readonly folder: string }, code: CheckedCode): Promise<string>
  /** Removes every copy except these folders. */
  keepOnly(folders: ReadonlySet<string>): Promise<void>
}

/** The copies of one sandbox. No other controller uses the same slot at the same time. */
export function createCodeSnapshots(home: Home, slot: number): CodeSnapshots {
  const own = join(home.work, '.judged', String(slot))
  return {
    take: async (run, code) => {
      const folder = join(own, run.id)
      await mkdir(folder, { recursive: true })
      const names = await readdir(code.folder)
      // The files themselves, not links to them: the learner can still change a link's target.
      for (const name of names.filter((file) => file.endsWith('.ts') && !file.startsWith('.')))
        await copyFile(join(code.folder, name), join(folder, name), constants.COPYFILE_FICLONE)
      for (const seam of code.seams)
        if ((await hashOf(join(folder, `${seam}.ts`))) !== code.hashes[seam]) {
          await rm(folder, { recursive: true })
          throw changed(pathForMessage(join(code.folder, `${seam}.ts`)))
        }
      await cp(folder, join(run.folder, 'code'), { recursive: true })
      return folder
    },
    keepOnly: async (folders) => {
      for (const name of await readdir(own).catch(() => []))
        if (!folders.has(join(own, name))) await rm(join(own, name), { recursive: true })
    },
  }
}

/** Removes the copies of sandboxes that are gone: a controller that was killed leaves its copies behind. */
export async function removeLeftoverSnapshots(home: Home, ownSlot: number): Promise<void> {
  const all = join(home.work, '.judged')
  const running = new Set((await listSandboxFiles(home.sandboxes)).map(({ slot }) => String(slot)))
  for (const name of await readdir(all).catch(() => []))
    if (name !== String(ownSlot) && !running.has(name))
      await rm(join(all, name), { recursive: true })
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}
