import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

import pLimit from 'p-limit'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { Check } from 'typebox/value'

import type { Clock } from '#chaos/lib/clock.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

const LabProgressSchema = Type.Object({
  startedAt: Type.Optional(Type.String()),
  hintsUsed: Type.Integer({ minimum: 0 }),
  prediction: Type.Optional(
    Type.Object({ answer: Type.Integer(), confidence: Type.Number(), at: Type.String() }),
  ),
  explanation: Type.Optional(Type.String()),
  /** Outcomes of the learner's own code, oldest first. */
  outcomes: Type.Array(
    Type.Object({ run: Type.String(), outcome: Type.String(), at: Type.String() }),
  ),
})

const ProgressSchema = Type.Object({
  version: Type.Literal(1),
  labs: Type.Record(Type.String(), LabProgressSchema),
})

export type LabProgress = Static<typeof LabProgressSchema>

const noProgress: LabProgress = { hintsUsed: 0, outcomes: [] }

export interface ProgressStore {
  of(lab: string): Promise<LabProgress>
  /** Reads, changes and writes in one go; changes of one process never overtake each other. */
  change(lab: string, change: (before: LabProgress) => LabProgress): Promise<LabProgress>
}

/**
 * The learner's progress in `my-work/.progress.json`. A file that cannot be read is set aside, never overwritten; `warn`
 * hears where it went.
 */
export function createProgressStore(
  folder: string,
  options: { readonly clock: Clock; warn(text: string): void },
): ProgressStore {
  const path = join(folder, '.progress.json')
  const inOrder = pLimit(1)

  async function read(): Promise<Static<typeof ProgressSchema>> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (text === undefined) return { version: 1, labs: {} }
    const progress = parse(text)
    if (progress !== undefined) return progress
    const aside = `${path}.broken-${options.clock.wallTimeMs()}`
    await rename(path, aside)
    options.warn(`The progress file was damaged. It is kept as ${aside}; progress begins anew.`)
    return { version: 1, labs: {} }
  }

  async function change(
    lab: string,
    how: (before: LabProgress) => LabProgress,
  ): Promise<LabProgress> {
    await mkdir(folder, { recursive: true })
    const progress = await read()
    const after = how(progress.labs[lab] ?? noProgress)
    const next = { ...progress, labs: { ...progress.labs, [lab]: after } }
    await writeAtomically(path, `${JSON.stringify(next, null, 2)}\n`)
    return after
  }

  return {
    of: async (lab) => (await read()).labs[lab] ?? noProgress,
    change: (lab, how) => inOrder(() => change(lab, how)),
  }
}

function parse(text: string): Static<typeof ProgressSchema> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Check(ProgressSchema, value) ? value : undefined
  } catch {
    return undefined
  }
}
