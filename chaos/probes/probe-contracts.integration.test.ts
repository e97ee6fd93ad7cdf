import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { labFolder, shopSeamFile } from '#chaos/exercise/folders.ts'
import { labs } from '#labs/index.ts'

import { probeContracts } from './probe-contracts.ts'
import type { ProbeReport } from './probe-report.ts'

// probe-contracts.verify.test.ts probes the other versions of each lab; `npm run verify -- --only tests` runs it.

const { signal } = new AbortController()

async function probe(folder: string, seams: readonly string[]): Promise<readonly ProbeReport[]> {
  // Long, so a busy machine does not fail a test.
  return await probeContracts({ folder, seams, signal, limitMs: 30_000 })
}

test.each(labs)(
  '$id: the probes violate the starting version, and never the shop’s own',
  async (lab) => {
    const seams = lab.seams.map(({ seam }) => seam)
    const start = await probe(join(labFolder(lab), 'start'), seams)
    expect(start.filter(({ outcome }) => outcome === 'violated')).not.toEqual([])
    for (const seam of lab.seams) {
      const reports = await probe(dirname(shopSeamFile(seam)), [seam.seam])
      expect(reports.filter(({ outcome }) => outcome !== 'held')).toEqual([])
    }
  },
)
