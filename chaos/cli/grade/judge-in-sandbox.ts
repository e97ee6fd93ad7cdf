import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { workFolder } from '#chaos/exercise/folders.ts'
import type { Judged, JudgeRequest } from '#chaos/grading/judge.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { labs } from '#labs/index.ts'

import { awaitLabRun } from '../lab/await-run.ts'

/**
 * Judges the code as `lab check` does: in the sandbox of this home, which belongs to the grading alone. The code and the files of
 * the run are gone afterwards.
 */
export async function judgeInSandbox(
  client: ApiClient,
  { lab: id, seed, files }: JudgeRequest,
  { home, clock }: { readonly home: Home; readonly clock: Clock },
): Promise<Judged> {
  const folder = workFolder(home, findLab(labs, id))
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    for (const { seam, text } of files) await writeFile(join(folder, `${seam}.ts`), text)
    const run = await awaitLabRun(client, { lab: id, version: 'mine', seed }, clock)
    await rm(join(home.runs, run.id), { recursive: true, force: true })
    return { kind: 'run', run }
  } catch (error) {
    // A sandbox that does not respond is the cause of its error. An error about the code has none.
    const isAboutCode =
      error instanceof InputError && error.status === 400 && error.cause === undefined
    // The folder of the code is gone when a user reads this.
    const why = messageOf(error).replaceAll(`${readablePath(folder)}/`, '')
    return { kind: isAboutCode ? 'refused' : 'lost', why }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
