import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Runtime, SeamReport } from '#chaos/contracts/runtime.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from '../sandbox.ts'
import type { RunRequest } from './run-request.ts'

const responseLimitMs = 5_000

/** What a check of the running code needs. */
type ReportingSandbox = Pick<Sandbox, 'system'> & {
  readonly runtime: Pick<Runtime, 'addresses' | 'status'>
}

/**
 * Throws unless the instances run exactly the judged code: each instance reports the hash of every seam that it loaded.
 * There is no verdict about other code.
 */
export async function checkRunningSeams(
  { system, runtime }: ReportingSandbox,
  exercise: RunRequest['exercise'],
  signal: AbortSignal,
): Promise<void> {
  const expected = await hashesOf(exercise)
  const seen = new Set<string>()
  const { seamsPath, topology } = system
  if (seamsPath !== undefined)
    for (const { name } of topology.instances) {
      const url = `${runtime.addresses.http(name)}${seamsPath}`
      for (const report of await fetchReports(runtime, { name, url, exercise }, signal)) {
        checkReport(name, report, expected, system.name)
        seen.add(report.seam)
      }
    }
  const missing = [...expected.keys()].find((seam) => !seen.has(seam))
  if (missing !== undefined)
    throw new InputError(`No instance of the ${system.name} has the seam "${missing}".`, {
      remedy: 'Rename the file: its name must be the name of the seam that it replaces.',
    })
}

async function hashesOf(exercise: RunRequest['exercise']): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>()
  for (const seam of exercise?.seams ?? []) {
    const file = join(exercise?.folder ?? '', `${seam}.ts`)
    const text = await readFile(file).catch((error: unknown) => {
      throw new InputError(`The seam ${seam} cannot be read: ${messageOf(error)}.`, {
        remedy: `It must be in ${file}.`,
      })
    })
    hashes.set(seam, createHash('sha256').update(text).digest('hex'))
  }
  return hashes
}

async function fetchReports(
  runtime: Pick<Runtime, 'status'>,
  {
    name,
    url,
    exercise,
  }: {
    readonly name: string
    readonly url: string
    readonly exercise: RunRequest['exercise']
  },
  signal: AbortSignal,
): Promise<readonly SeamReport[]> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(responseLimitMs)])
    const response = await fetch(url, { signal: limit })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    const { seams } = (await response.json()) as { seams: readonly SeamReport[] }
    return seams
  } catch (error) {
    signal.throwIfAborted()
    const what = await whyNoReport(runtime, name, error)
    const message = `${name} does not report which code it runs: ${what}`
    if (exercise === undefined) throw new Error(message, { cause: error })
    // It was ready a moment ago, and there is no fault yet: the code that it runs is the cause.
    throw new InputError(message, {
      remedy: 'Nothing was judged. Fix the code, then check again.',
      cause: error,
    })
  }
}

async function whyNoReport(
  runtime: Pick<Runtime, 'status'>,
  name: string,
  error: unknown,
): Promise<string> {
  const status = (await runtime.status()).find((instance) => instance.name === name)
  const { code = null, signal = null } = status?.lastExit ?? {}
  if (status?.state === 'exited')
    return `it ended by itself (${code === null ? `signal ${signal}` : `exit status ${code}`})`
  const late = error instanceof Error && error.name === 'TimeoutError'
  return late
    ? `it runs and does not respond within ${responseLimitMs / 1_000} s, so its event loop is blocked`
    : messageOf(error)
}

function checkReport(
  name: string,
  report: SeamReport,
  expected: ReadonlyMap<string, string>,
  systemName: string,
): void {
  const { seam, source, sha256 } = report
  const wanted = expected.get(seam)
  if (wanted === undefined ? source === 'shop' : source === 'exercise' && sha256 === wanted) return
  const own = `the ${systemName}'s own version`
  const runs = source === 'shop' ? own : `version ${sha256.slice(0, 8)}`
  const expectedCode = wanted === undefined ? own : `version ${wanted.slice(0, 8)} of your folder`
  throw new InputError(`${name} runs ${runs} of the seam ${seam} instead of ${expectedCode}.`, {
    remedy: 'Nothing was judged. Save the file, then check again.',
  })
}
