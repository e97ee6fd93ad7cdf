import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

import { explainLoadFailure, shortSource } from '#services/load-failure.ts'
import { runnableFile } from '#services/runnable-file.ts'
import { exportOf, seams } from '#services/seams.ts'
import type { SeamName } from '#services/seams.ts'
import type { ServiceName } from '#services/topology.ts'

import type { SeamConfig } from './config/common-config.ts'
import { editDistance } from './edit-distance.ts'
import { badConfigurationExitStatus } from './start/exit-status.ts'
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
  const names = (Object.keys(seams) as SeamName[]).filter((name) =>
    seams[name].services.includes(service),
  )
  const shop = names.filter((name) => !exercises.has(name))
  const loaded = await Promise.all(shop.map(async (name) => await loadSeam(name, undefined)))
  // One after the other: an end of the process is an error of the file that is loading.
  for (const [name, file] of exercises)
    if (names.includes(name)) loaded.push(await loadSeam(name, file))
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
    .update(await readFile(file).catch(unreadable(file)))
    .digest('hex')
  const module = await run(file, exercise !== undefined)
  const value = module[exportOf(name)]
  if (typeof value !== 'function')
    throw new StartError(
      `${file} has no function named ${exportOf(name)}. It exports: ${Object.keys(module).join(', ') || 'nothing'}.`,
    )
  return { report: { seam: name, source: exercise ? 'exercise' : 'shop', sha256 }, value }
}

function unreadable(file: string): (error: unknown) => never {
  return (error) => {
    throw new StartError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
  }
}

async function run(file: string, isExercise: boolean): Promise<Record<string, unknown>> {
  using _explain = isExercise ? explainEnd(file) : null
  try {
    return (await import(pathToFileURL(runnableFile(file)).href)) as Record<string, unknown>
  } catch (error) {
    throw new StartError(`${file} does not run: ${describe(error, file)}`)
  }
}

/** On one line: log lines and the messages of the CLI show it. */
function describe(error: unknown, file: string): string {
  const failure = explainLoadFailure(error, file)
  const { message, place } = failure
  if (place === undefined) return message
  const where = place.file === file ? '' : `${place.file}, `
  return `${message} (${where}line ${place.line}, column ${place.column}: ${shortSource(place)})`
}

/**
 * While a file loads, it can end the process, or wait for a promise that nothing resolves; then Node
 * ends the process. Both are errors of the file, so the process says so and exits with the status for
 * a bad configuration.
 */
function explainEnd(file: string): Disposable {
  let idle = false
  const onIdle = (): void => void (idle = true)
  const onExit = (status: number): void => {
    const what = idle
      ? 'never ends loading: a top-level await waits for a promise that nothing resolves'
      : `ended the process with exit status ${status} while it was loaded`
    writeSync(process.stderr.fd, `${file} ${what}.\n`)
    process.exitCode = badConfigurationExitStatus
  }
  process.once('beforeExit', onIdle)
  process.once('exit', onExit)
  return {
    [Symbol.dispose]: () => {
      process.off('beforeExit', onIdle)
      process.off('exit', onExit)
    },
  }
}

async function listExercises({
  exerciseDir,
  expected,
}: SeamConfig): Promise<Map<SeamName, string>> {
  const wanted = expected.map((name) => checkName(name, 'EXPECTED_SEAMS'))
  const found = new Map<SeamName, string>()
  for (const file of await listFiles(exerciseDir)) {
    const { name, ext } = path.parse(file)
    // The folder may also contain notes and an editor's files.
    if (!/^\.[cm]?[jt]sx?$/.test(ext) || file.startsWith('.')) continue
    // The compiled file of the npm package.
    const source = path.resolve(exerciseDir ?? '', `${name}.ts`)
    if (ext === '.js' && runnableFile(source) !== source) continue
    const seam = checkName(name, path.join(exerciseDir ?? '', file))
    if (ext !== '.ts') throw new StartError(`${file} must be named ${name}.ts.`)
    found.set(seam, path.resolve(exerciseDir ?? '', file))
  }
  const missing = wanted.find((name) => !found.has(name))
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

function checkName(name: string, where: string): SeamName {
  if (Object.hasOwn(seams, name)) return name as SeamName
  const known = Object.keys(seams)
  const near = known.find((seam) => editDistance(seam, name) <= 2)
  const guess = near === undefined ? '' : ` Did you mean ${near}?`
  throw new StartError(`${where}: "${name}" is not a seam.${guess} Known: ${known.join(', ')}.`)
}
