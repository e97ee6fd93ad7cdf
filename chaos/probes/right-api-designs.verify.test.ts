import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from './probe-contracts.ts'
import { rightApiDesigns } from './testing/right-api-designs.ts'

test.each(rightApiDesigns)('%s: %s', async (seam, _design, code) => {
  const work = join(projectRoot, 'my-work')
  await mkdir(work, { recursive: true })
  const folder = await mkdtemp(join(work, '.designs-'))
  try {
    await writeFile(join(folder, `${seam}.ts`), code)
    const signal = new AbortController().signal
    const reports = await probeContracts({ folder, seams: [seam], signal, limitMs: 30_000 })
    expect(reports.length).toBeGreaterThan(0)
    expect(reports.filter(({ outcome }) => outcome !== 'held')).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})
