import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { workFolder } from '#chaos/exercise/folders.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'
import { exportOf } from '#services/seams.ts'

import { contentHash } from '../content-hash.ts'
import { openLabSandbox, verifyHome } from '../lab-sandbox.ts'
import type { Task, TaskResult } from '../task.ts'

const handwritten = 'labs/testing/cheats'

/** Code that does not do its work. No lab may hold with it. */
interface Cheat {
  readonly name: string
  put(folder: string): Promise<void>
}

/** No lab holds with code that refuses all work, with code that does nothing, or with the handwritten cheats for it. */
export const cheatTasks: readonly Task[] = labs.map((lab) => ({
  name: `cheats/${lab.id}`,
  expected: 'no cheat holds',
  times: 1,
  sideBySide: true,
  hash: async () =>
    await contentHash('services', 'chaos', `labs/${lab.track}/${lab.id}`, handwritten),
  run: async ({ shared, signal }): Promise<TaskResult> => {
    const outcomes: string[] = []
    const held: string[] = []
    for (const cheat of await cheatsFor(lab)) {
      const sandbox = await shared.get('sandbox', async () => await openLabSandbox(signal))
      const folder = workFolder(verifyHome, lab)
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
      await cheat.put(folder)
      const run = await awaitLabRun(sandbox.client, { lab: lab.id, version: 'mine' }, systemClock)
      outcomes.push(`${cheat.name}: ${run.outcome ?? run.error?.error ?? run.state}`)
      if (run.outcome === 'held') held.push(cheat.name)
      else await rm(join(projectRoot, run.folder), { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    }
    return held.length === 0
      ? { ok: true, detail: outcomes.join(', ') }
      : { ok: false, detail: `held with ${held.join(', ')}; ${outcomes.join(', ')}` }
  },
}))

async function cheatsFor(lab: Lab): Promise<readonly Cheat[]> {
  const own = join(projectRoot, handwritten, lab.id)
  const names = existsSync(own) ? await readdir(own) : []
  return [
    generated(
      lab,
      'refuses all work',
      (name) => `export function ${name}() { throw new Error('no') }`,
    ),
    generated(lab, 'does nothing', (name) => `export async function ${name}() {}`),
    ...names.map((name) => ({
      name,
      put: async (folder: string) => await cp(join(own, name), folder, { recursive: true }),
    })),
  ]
}

function generated(lab: Lab, name: string, code: (exported: string) => string): Cheat {
  return {
    name,
    put: async (folder) => {
      for (const { seam } of lab.seams)
        await writeFile(join(folder, `${seam}.ts`), `${code(exportOf(seam))}\n`)
    },
  }
}
