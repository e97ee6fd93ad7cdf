import { readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'

import { parseDocument } from 'yaml'

import { awaitScenarioRun } from '#chaos/cli/lab/await-run.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'

import { contentHash } from '../content-hash.ts'
import { openLabSandbox } from '../lab-sandbox.ts'
import type { Task } from '../task.ts'

/** A lab turns off safety nets that would hide its bug. The shop with every safety net must hold in every lab's scenario. */
export const fullShopTasks: readonly Task[] = labs.map((lab) => ({
  name: `full-shop/${lab.id}`,
  expected: 'held',
  times: 2,
  sideBySide: true,
  hash: async () => await contentHash('services', 'chaos', relative(projectRoot, fileOf(lab))),
  run: async ({ shared, signal }) => {
    const sandbox = await shared.get('sandbox', async () => await openLabSandbox(signal))
    const scenario = withEverySafetyNet(await readFile(fileOf(lab), 'utf8'))
    const file = `${lab.id}, every safety net on`
    const run = await awaitScenarioRun(sandbox.client, { scenario, file }, systemClock)
    const held = run.outcome === 'held'
    if (run.outcome === null) await shared.drop('sandbox')
    if (held) await rm(join(projectRoot, run.folder), { recursive: true, force: true })
    const detail = run.headline ?? run.error?.error ?? run.state
    return { ok: held, detail: held ? detail : `${detail}  ${run.folder} seed ${run.seed}` }
  },
}))

const fileOf = (lab: Lab): string => join(labFolder(lab), 'scenario.yaml')

function withEverySafetyNet(text: string): string {
  const scenario = parseDocument(text)
  if (scenario.hasIn(['shop', 'off'])) scenario.deleteIn(['shop', 'off'])
  return scenario.toString()
}
