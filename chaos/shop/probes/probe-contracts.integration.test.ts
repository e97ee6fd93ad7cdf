import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { labFolder } from '#chaos/exercise/folders.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { labs } from '#labs/index.ts'

import { shopSeams } from '../seams/shop-seams.ts'
import { brokenIn, probeFolder } from './testing/probe-code.ts'

// probe-contracts.verify.test.ts probes the other versions of each lab, and all of stalled-worker, whose probes take half a
// minute; `npm run verify -- --only tests` runs it.
const quick = labs.filter(({ id }) => id !== 'stalled-worker')

test.each(quick)(
  '$id: the probes violate the starting version, and never the shop’s own',
  async (lab) => {
    const seams = lab.seams.map(({ seam }) => seam)
    const start = await probeFolder(join(labFolder(lab), 'start'), seams)
    expect(brokenIn(start)).not.toEqual([])
    for (const seam of lab.seams) {
      const reports = await probeFolder(dirname(join(projectRoot, shopSeams.fileOf(seam.seam))), [
        seam.seam,
      ])
      expect(reports.filter(({ outcome }) => outcome !== 'held')).toEqual([])
    }
  },
)
