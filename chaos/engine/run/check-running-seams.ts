import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Runtime, SeamReport } from '#chaos/contracts/runtime.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { instances } from '#services/topology.ts'

import type { RunRequest } from './run-request.ts'

const responseLimitMs = 5_000

/**
 * Throws unless the instances run exactly the judged code: each instance reports the hash of every seam that it loaded.
 * There is no verdict about other code.
 */
export async function checkRunningSeams(
  runtime: Pick<Runtime, 'addresses'>,
  exercise: RunRequest['exercise'],
  signal: AbortSignal,
): Promise<void> {
  const expected = await hashesOf(exercise)
  const seen = new Set<string>()
  for (const { name } of instances)
    for (const report of await fetchReports(runtime.addresses.http(name), name, signal)) {
      checkReport(name, report, expected)
      seen.add(report.seam)
    }
  const missing = [...expected.keys()].find((seam) => !seen.has(seam))
  if (missing !== undefined)
    throw new InputError(`No instance of the shop has the seam "${missing}".`, {
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
  url: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly SeamReport[]> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(responseLimitMs)])
    const response = await fetch(`${url}/seams`, { signal: limit })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    const { seams } = (await response.json()) as { seams: readonly SeamReport[] }
    return seams
  } catch (error) {
    signal.throwIfAborted()
    throw new Error(`${name} does not report which code it runs: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function checkReport(
  name: string,
  report: SeamReport,
  expected: ReadonlyMap<string, string>,
): void {
  const { seam, source, sha256 } = report
  const wanted = expected.get(seam)
  if (wanted === undefined ? source === 'shop' : source === 'exercise' && sha256 === wanted) return
  const runs = source === 'shop' ? "the shop's own version" : `version ${sha256.slice(0, 8)}`
  const expectedCode =
    wanted === undefined ? "the shop's own version" : `version ${wanted.slice(0, 8)} of your folder`
  throw new InputError(`${name} runs ${runs} of the seam ${seam} instead of ${expectedCode}.`, {
    remedy: 'Nothing was judged. Save the file, then check again.',
  })
}
