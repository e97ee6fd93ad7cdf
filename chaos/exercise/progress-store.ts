import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Type } from 'typebox'
import type { Static } from 'typebox'
import { Check } from 'typebox/value'

import type { Clock } from '#chaos/lib/clock.ts'

import { withFileLock } from './file-lock.ts'

/** An answer about unfamiliar code. */
const TransferAnswerSchema = Type.Object({
  /** 0: none of the messages. */
  message: Type.Integer({ minimum: 0 }),
  choice: Type.String(),
  confidence: Type.Number(),
  right: Type.Boolean(),
  at: Type.String(),
})

const LabProgressSchema = Type.Object({
  startedAt: Type.Optional(Type.String()),
  hintsUsed: Type.Integer({ minimum: 0 }),
  prediction: Type.Optional(
    Type.Object({ answer: Type.Integer(), confidence: Type.Number(), at: Type.String() }),
  ),
  explanation: Type.Optional(Type.String()),
  /** The five lenses in the learner's own words. */
  lenses: Type.Optional(
    Type.Object({
      contract: Type.String(),
      truth: Type.String(),
      failure: Type.String(),
      blastRadius: Type.String(),
      tradeOff: Type.String(),
    }),
  ),
  /** Parts that the learner asked for before their time, and when. */
  unlocked: Type.Optional(Type.Record(Type.String(), Type.String())),
  transfer: Type.Optional(
    Type.Object({
      now: Type.Optional(TransferAnswerSchema),
      later: Type.Optional(TransferAnswerSchema),
    }),
  ),
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

export const noProgress: LabProgress = { hintsUsed: 0, outcomes: [] }

export interface ProgressStore {
  /** By lab. A lab without progress has no entry. */
  all(): Promise<Readonly<Record<string, LabProgress>>>
  of(lab: string): Promise<LabProgress>
  /**
   * Reads the file, changes one lab and writes the file, under a lock: changes of several stores and processes follow
   * one another. `change` can run more than once. Throws {@link InputError} when the lock stays taken.
   */
  change(lab: string, change: (before: LabProgress) => LabProgress): Promise<LabProgress>
}

type Progress = Static<typeof ProgressSchema>

/**
 * The learner's progress in `my-work/.progress.json`. The store reads the file each time: it keeps no copy. A damaged
 * file is kept beside the new one; `warn` receives a sentence with its name.
 */
export function createProgressStore(
  folder: string,
  options: { readonly clock: Clock; warn(text: string): void },
): ProgressStore {
  const { clock } = options
  const path = join(folder, '.progress.json')

  /** Under the lock. */
  async function readOrRestart(): Promise<Progress> {
    const text = await readText(path)
    const progress = parse(text)
    if (progress !== undefined) return progress
    const kept = `${path}.broken-${clock.wallTimeMs()}`
    await copyFile(path, kept)
    options.warn(`${path} is damaged. It is kept as ${kept}. Progress starts again from zero.`)
    return noLabs
  }

  async function all(): Promise<Progress['labs']> {
    const progress = parse(await readText(path))
    if (progress !== undefined) return progress.labs
    return withFileLock(path, clock, async (replace) => {
      const restarted = await readOrRestart()
      await replace(fileText(restarted))
      return restarted.labs
    })
  }

  return {
    all,
    of: async (lab) => (await all())[lab] ?? noProgress,
    change: async (lab, change) => {
      await mkdir(folder, { recursive: true })
      return withFileLock(path, clock, async (replace) => {
        const progress = await readOrRestart()
        const after = change(progress.labs[lab] ?? noProgress)
        await replace(fileText({ ...progress, labs: { ...progress.labs, [lab]: after } }))
        return after
      })
    },
  }
}

const noLabs: Progress = { version: 1, labs: {} }

function fileText(progress: Progress): string {
  return `${JSON.stringify(progress, null, 2)}\n`
}

/** Undefined: there is no file. */
async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** Undefined: the text is not a progress file. A missing file has no labs. */
function parse(text: string | undefined): Progress | undefined {
  if (text === undefined) return noLabs
  try {
    // An editor may have added a byte order mark.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return Check(ProgressSchema, value) ? value : undefined
  } catch {
    return undefined
  }
}
