import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'

type RunApart = NonNullable<Runtime['runApart']>

/** In the image of the shop. The container has its own copy of the seam files there. */
const folder = '/app/my-work'

/** Runs the contract probes in a container of the runtime: the controller must not load the learner's code. */
export async function probeApart(
  runApart: RunApart,
  request: {
    readonly folder: string
    readonly seams: readonly string[]
    readonly signal: AbortSignal
  },
): Promise<readonly ProbeReport[]> {
  const { seams, signal } = request
  const files = await Promise.all(
    seams.map(async (seam) => ({
      path: `${folder}/${seam}.ts`,
      text: await readFile(join(request.folder, `${seam}.ts`), 'utf8'),
    })),
  )
  const command = ['node', '/app/chaos/shop/probes/main.ts', folder, ...seams]
  const output = await runApart({ command, files, signal })
  const line = output.split('\n').findLast((text) => text.startsWith('{"reports":')) ?? ''
  if (line === '') throw new Error(`the container printed no reports: ${output.trim().slice(-300)}`)
  return (JSON.parse(line) as { readonly reports: readonly ProbeReport[] }).reports
}
