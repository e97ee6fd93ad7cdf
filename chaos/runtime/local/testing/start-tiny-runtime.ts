import { fileURLToPath } from 'node:url'

import { startLocalRuntime } from '../index.ts'
import type { LocalRuntime } from '../local-runtime.ts'
import type { LocalRuntimeOptions } from '../options.ts'

/** Services that are nothing but their contract: they start at once, so that a test can afford many. */
const tinyProject = fileURLToPath(new URL('tiny-project', import.meta.url))

/** The real runtime with real stores around tiny services. */
export async function startTinyRuntime(
  options: Partial<LocalRuntimeOptions> = {},
): Promise<LocalRuntime> {
  return await startLocalRuntime({ projectRoot: tinyProject, ...options })
}
