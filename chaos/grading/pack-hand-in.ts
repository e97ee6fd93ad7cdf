import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { readLabFiles } from '#chaos/exercise/editor/lab-files.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import type { LabControl } from '#chaos/exercise/lab-control.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { handInFormat, handInMaxBytes, nameMaxLength } from './hand-in.ts'
import type { HandedInLab, HandIn } from './hand-in.ts'

export interface PackRequest {
  readonly labs: readonly Lab[]
  /** Empty: every lab that has files of the learner. */
  readonly ids: readonly string[]
  readonly name?: string | undefined
  /** Version of Unhappy Path. */
  readonly version: string
  readonly home: Home
  readonly control: Pick<LabControl, 'record'>
}

export interface Packed {
  readonly handIn: HandIn
  /** The content of the file. */
  readonly text: string
}

/**
 * Packs the learner's work in these labs into one file: code, prediction, explanation, lenses and seeds. The same work gives the
 * same bytes. Changes nothing. Throws {@link InputError}.
 */
export async function packHandIn(request: PackRequest): Promise<Packed> {
  const name = checkedName(request.name)
  const chosen = new Set(request.ids.map((id) => findLab(request.labs, id)))
  const packed: HandedInLab[] = []
  for (const lab of request.labs) {
    if (request.ids.length > 0 && !chosen.has(lab)) continue
    const files = await readLabFiles(request.home, lab)
    if (files.length > 0) packed.push(await packLab(request, lab, files))
    else if (chosen.has(lab)) throw nothingToHandIn(`You have no code for ${lab.id}.`, lab.id)
  }
  if (packed.length === 0) throw nothingToHandIn('You have no code for any lab.', 'lab-zero')
  const handIn: HandIn = {
    format: handInFormat,
    v: 1,
    name,
    version: request.version,
    labs: packed,
  }
  const text = `${JSON.stringify(handIn, null, 2)}\n`
  if (Buffer.byteLength(text) > handInMaxBytes)
    throw new InputError(
      `Your work has ${(Buffer.byteLength(text) / 1_048_576).toFixed(1)} MB. A hand-in has at most ${handInMaxBytes / 1_048_576} MB.`,
      { remedy: 'Hand in fewer labs at once: unhappy lab hand-in LAB' },
    )
  return { handIn, text }
}

async function packLab(
  { control, home }: PackRequest,
  lab: Lab,
  files: readonly { readonly seam: string; readonly text: string }[],
): Promise<HandedInLab> {
  const record = await control.record(lab.id)
  const { startedAt, prediction, explanation, lenses, hintsUsed, unlocked, outcomes } = record
  return {
    lab: lab.id,
    startedAt,
    prediction:
      prediction === null
        ? null
        : {
            answer: prediction.answer,
            confidence: prediction.confidence,
            at: prediction.at,
            text: prediction.text,
          },
    explanation,
    lenses,
    hintsUsed,
    unlocked,
    runs: await Promise.all(
      outcomes.map(async ({ run, outcome, at }) => ({
        run,
        outcome,
        at,
        seed: await seedOf(home, run),
      })),
    ),
    files: files.map(({ seam, text }) => ({ seam, text })),
  }
}

/** Null: the folder of the run is gone, or its record cannot be read. */
async function seedOf(home: Home, run: string): Promise<number | null> {
  if (!/^[\w-]+$/.test(run)) return null
  try {
    const text = await readFile(join(home.runs, run, 'run.json'), 'utf8')
    const { seed } = JSON.parse(text) as { readonly seed?: unknown }
    return Number.isInteger(seed) ? (seed as number) : null
  } catch {
    return null
  }
}

function checkedName(name: string | undefined): string | null {
  if (name === undefined) return null
  const trimmed = name.trim()
  const isText = trimmed.isWellFormed() && !/\p{Cc}/u.test(trimmed)
  if (trimmed !== '' && trimmed.length <= nameMaxLength && isText) return trimmed
  throw new InputError(`"${trimmed.slice(0, 40)}" is not a valid name.`, {
    remedy: `Use 1 to ${nameMaxLength} characters on one line, for example --name Ada.`,
  })
}

function nothingToHandIn(message: string, id: string): InputError {
  return new InputError(message, { remedy: `Start the lab: unhappy lab start ${id}` })
}
