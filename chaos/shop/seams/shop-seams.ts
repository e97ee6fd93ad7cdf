import type { SystemSeams } from '#chaos/contracts/system/seams.ts'
import { exportOf, seams } from '#services/seams.ts'
import type { Seam } from '#services/seams.ts'

import { probeApart } from '../probes/probe-apart.ts'
import { probeContracts } from '../probes/probe-contracts.ts'
import { probeSeamApart } from './probe-seam-apart.ts'
import { probeSeam } from './probe-seam.ts'

const known: Readonly<Record<string, Seam>> = seams

/** The seams of the API and of the worker. */
export const shopSeams: SystemSeams = {
  names: Object.keys(seams),
  exportOf,
  fileOf: (seam) => {
    const { home } = known[seam] ?? {}
    if (home === undefined) throw new Error(`The shop has no file for the seam ${seam}.`)
    return `services/${home}/seams/${seam}.ts`
  },
  probe: async (path, exportName, { runApart, ...options } = {}) =>
    runApart === undefined
      ? await probeSeam(path, exportName, options)
      : await probeSeamApart(runApart, path, exportName),
  probeContracts: async ({ runApart, ...request }) =>
    runApart === undefined ? await probeContracts(request) : await probeApart(runApart, request),
}
