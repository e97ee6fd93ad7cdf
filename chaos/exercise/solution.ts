import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { SolutionView } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'
import { readablePath } from '#chaos/home/readable-path.ts'

import { labFolder, workFolder } from './folders.ts'
import { unifiedDiff } from './unified-diff.ts'

/** The difference between the starting code and the shop's own files. The shop's file is the solution: there is no other copy. */
export async function solutionOf(
  { seams }: Pick<System, 'seams'>,
  home: Home,
  lab: Lab,
): Promise<SolutionView> {
  if (seams === undefined) return { files: [] }
  const files = await Promise.all(
    lab.seams.map(async ({ seam }) => {
      const start = join(labFolder(lab), 'start', `${seam}.ts`)
      const shop = join(projectRoot, seams.fileOf(seam))
      return {
        seam,
        yours: readablePath(join(workFolder(home, lab), `${seam}.ts`)),
        shop: readablePath(shop),
        diff: unifiedDiff(
          { name: readablePath(start), text: await readFile(start, 'utf8') },
          { name: readablePath(shop), text: await readFile(shop, 'utf8') },
        ),
      }
    }),
  )
  return { files }
}
