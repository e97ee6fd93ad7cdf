import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from '../probe-contracts.ts'

/** Long, so a busy machine does not fail a test. */
const limitMs = 30_000

/** Tests the promises of these seams on a folder of seam files. */
export async function probeFolder(
  folder: string,
  seams: readonly string[],
): Promise<readonly ProbeReport[]> {
  return await probeContracts({ folder, seams, signal: new AbortController().signal, limitMs })
}

/** Tests the promises of these seams on one text, which has the exports of all of them. */
export async function probeCode(
  code: string,
  seams: readonly string[],
): Promise<readonly ProbeReport[]> {
  const work = join(projectRoot, 'my-work')
  await mkdir(work, { recursive: true })
  const folder = await mkdtemp(join(work, '.probe-'))
  try {
    for (const seam of seams) await writeFile(join(folder, `${seam}.ts`), code)
    return await probeFolder(folder, seams)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The names of the broken promises. */
export function brokenIn(reports: readonly ProbeReport[]): readonly string[] {
  return reports.filter(({ outcome }) => outcome === 'violated').map(({ name }) => name)
}
