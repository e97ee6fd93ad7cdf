import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

import type { Runtime } from '#chaos/contracts/runtime.ts'
import type { SeamProbe } from '#chaos/contracts/system/seams.ts'

type RunApart = NonNullable<Runtime['runApart']>

/** In the image of the shop. */
const folder = '/app/my-work'

/** Like {@link probeSeam}, in a container of the runtime: the controller must not load the code. */
export async function probeSeamApart(
  runApart: RunApart,
  path: string,
  exportName: string,
): Promise<SeamProbe> {
  const file = { path: `${folder}/${basename(path)}`, text: await readFile(path, 'utf8') }
  const output = await runApart({
    command: ['node', '/app/chaos/shop/seams/main.ts', file.path, exportName],
    files: [file],
    signal: new AbortController().signal,
  })
  const line = output.split('\n').findLast((text) => text.startsWith('{"probe":'))
  if (line === undefined)
    return { ok: false, kind: 'load', problem: 'ended its container while it was loaded.' }
  return (JSON.parse(line) as { readonly probe: SeamProbe }).probe
}
