import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

import { exportOf, seams } from '#services/seams.ts'
import type { SeamName } from '#services/seams.ts'
import type { ServiceName } from '#services/topology.ts'

import type { SeamConfig } from './config/common-config.ts'
import { editDistance } from './edit-distance.ts'
import { StartError } from './start/start-error.ts'

/** Which version of a seam runs in this process. */
export interface SeamReport {
  readonly seam: string
  readonly source: 'shop' | 'exercise'
  /** SHA-256 of the file's bytes. */
  readonly sha256: string
}

export interface LoadedSeams<Seams> {
  readonly seams: Seams
  readonly reports: readonly SeamReport[]
}

/**
 * Loads every seam of a service: from the exercise folder if the file is there, otherwise the
 * shop's own. Throws {@link StartError} for a file that is not named like a seam, does not load or
 * lacks the export, and for an expected seam that is missing.
 */
export async function loadSeams<Seams>(
  service: ServiceName,
  config: SeamConfig,
): Promise<LoadedSeams<Seams>> {
  const exercises = await listExercises(config)
  const names = Object.keys(seams) as SeamName[]
  const loaded = await Promise.all(
    names
      .filter((name) => seams[name].services.includes(service))
      .map(async (name) => await loadSeam(name, exercises.get(name))),
  )
  return {
    seams: Object.fromEntries(loaded.map(({ report, value }) => [report.seam, value])) as Seams,
    reports: loaded.map(({ report }) => report),
  }
}

async function loadSeam(
  name: SeamName,
  exercise: string | undefined,
): Promise<{ report: SeamReport; value: unknown }> {
  const file =
    exercise ?? path.join(import.meta.dirname, '..', seams[name].home, `seams/${name}.ts`)
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  const module = await run(file)
  const value = module[exportOf(name)]
  if (typeof value !== 'function')
    throw new StartError(
      `${file} has no function named ${exportOf(name)}. It exports: ${Object.keys(module).join(', ') || 'nothing'}.`,
    )
  return { report: { seam: name, source: exercise ? 'exercise' : 'shop', sha256 }, value }
}

async function run(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw new StartError(`${file} does not run: ${describe(error)}`)
  }
}

/** On one line: Node puts the position of a syntax error above the message, only in the stack. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = /:(\d+)\r?\n/.exec(error.stack ?? '')?.[1]
  const message = error.message.split('\n')[0] ?? ''
  return `${error.name}: ${message}${place === undefined ? '' : ` (line ${place})`}`
}

async function listExercises({ exerciseDir, expected }: SeamConfig): Promise<Map<string, string>> {
  for (const name of expected) checkName(name, 'EXPECTED_SEAMS')
  const found = new Map<string, string>()
  for (const file of await listFiles(exerciseDir)) {
    const { name, ext } = path.parse(file)
    // The folder may also contain notes and an editor's files.
    if (!/^\.[cm]?[jt]sx?$/.test(ext) || file.startsWith('.')) continue
    checkName(name, path.join(exerciseDir ?? '', file))
    if (ext !== '.ts') throw new StartError(`${file} must be named ${name}.ts.`)
    found.set(name, path.resolve(exerciseDir ?? '', file))
  }
  const missing = expected.find((name) => !found.has(name))
  if (missing !== undefined)
    throw new StartError(
      `The seam ${missing} is expected in ${exerciseDir ?? 'EXERCISE_DIR, which is not set'}, and there is no ${missing}.ts.`,
    )
  return found
}

async function listFiles(folder: string | undefined): Promise<readonly string[]> {
  if (folder === undefined) return []
  try {
    return (await readdir(folder)).toSorted()
  } catch (error) {
    throw new StartError(`EXERCISE_DIR cannot be read: ${(error as Error).message}`)
  }
}

function checkName(name: string, where: string): void {
  if (Object.hasOwn(seams, name)) return
  const known = Object.keys(seams)
  const near = known.find((seam) => editDistance(seam, name) <= 2)
  const guess = near === undefined ? '' : ` Did you mean ${near}?`
  throw new StartError(`${where}: "${name}" is not a seam.${guess} Known: ${known.join(', ')}.`)
}
