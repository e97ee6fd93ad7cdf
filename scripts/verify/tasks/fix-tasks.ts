import { readdirSync } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { workFolder } from '#chaos/exercise/folders.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { contentHash } from '../content-hash.ts'
import { openLabSandbox, verifyHome } from '../lab-sandbox.ts'
import type { Task, TaskResult } from '../task.ts'

/** Fixes by learners who saw the README of a lab and nothing else: `LAB/wrong-NAME.ts` and `LAB/right-NAME.ts`. */
const folder = 'labs/testing/fixes'

/** A wrong fix must be violated, and a right one must hold. */
export const fixTasks: readonly Task[] = labs.flatMap((lab) =>
  readdirSync(join(projectRoot, folder, lab.id))
    .toSorted()
    .map((file) => fixTask(lab, file)),
)

function fixTask(lab: Lab, file: string): Task {
  const path = join(folder, lab.id, file)
  const expected = file.startsWith('right-') ? 'held' : 'violated'
  return {
    name: `fixes/${lab.id}/${file.replace(/\.ts$/, '')}`,
    expected,
    // Not side by side: the fixes of a lab use one work folder.
    times: expected === 'held' ? 5 : 3,
    hash: async () => await contentHash('services', 'chaos', `labs/${lab.track}/${lab.id}`, path),
    run: async ({ shared, signal }): Promise<TaskResult> => {
      const sandbox = await shared.get('sandbox', async () => await openLabSandbox(signal))
      const work = workFolder(verifyHome, lab)
      await rm(work, { recursive: true, force: true })
      await mkdir(work, { recursive: true })
      // A lab with two files finds both exports in one.
      for (const { seam } of lab.seams)
        await copyFile(join(projectRoot, path), join(work, `${seam}.ts`))
      const run = await awaitLabRun(sandbox.client, { lab: lab.id, version: 'mine' }, systemClock)
      await rm(work, { recursive: true, force: true })
      const ok = run.outcome === expected
      if (ok) await rm(join(projectRoot, run.folder), { recursive: true, force: true })
      return { ok, detail: run.headline ?? run.error?.error ?? run.state }
    },
  }
}
