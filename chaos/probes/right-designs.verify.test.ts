import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from './probe-contracts.ts'
import { rightCallDesigns } from './testing/right-call-designs.ts'
import { rightDesigns } from './testing/right-designs.ts'
import { rightPoolAndRiskDesigns } from './testing/right-pool-and-risk-designs.ts'

const designs = [...rightDesigns, ...rightCallDesigns, ...rightPoolAndRiskDesigns]

test.each(designs)('%s: %s', async (seam, _design, code) => {
  const work = join(projectRoot, 'my-work')
  await mkdir(work, { recursive: true })
  const folder = await mkdtemp(join(work, '.designs-'))
  try {
    await writeFile(join(folder, `${seam}.ts`), code)
    const signal = new AbortController().signal
    const reports = await probeContracts({ folder, seams: [seam], signal, limitMs: 30_000 })
    expect(reports.length).toBeGreaterThan(0)
    expect(reports.filter(({ outcome }) => outcome === 'violated')).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})
