import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Type } from 'typebox'
import { Check } from 'typebox/value'

import type { RunFacts } from './collect-reports.ts'

const RunFile = Type.Object({
  state: Type.String(),
  seed: Type.Integer(),
  checks: Type.Array(Type.Object({ name: Type.String(), outcome: Type.String() })),
})

/** The seed and the violated checks, from the folder of the run. Empty: the folder is gone. Undefined: the run goes on. */
export async function factsOfRun(runs: string, run: string): Promise<RunFacts | undefined> {
  if (!/^[\w-]+$/.test(run)) return {}
  try {
    const value: unknown = JSON.parse(await readFile(join(runs, run, 'run.json'), 'utf8'))
    if (!Check(RunFile, value)) return {}
    if (value.state === 'running') return undefined
    const failed = value.checks.filter(({ outcome }) => outcome === 'violated')
    return { seed: value.seed, failed: failed.map(({ name }) => name) }
  } catch {
    return {}
  }
}
