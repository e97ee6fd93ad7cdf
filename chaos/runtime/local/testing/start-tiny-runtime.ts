import { fileURLToPath } from 'node:url'

import { system } from '#chaos/system.ts'

import { startLocalRuntime } from '../index.ts'
import type { LocalRuntime } from '../local-runtime.ts'
import type { LocalRuntimeOptions } from '../local-runtime.ts'

/** Minimal services: they start quickly, so a test can start many. */
const tinyProject = fileURLToPath(new URL('tiny-project', import.meta.url))

/** The real runtime with real stores and minimal services. */
export async function startTinyRuntime(
  options: Partial<LocalRuntimeOptions> = {},
): Promise<LocalRuntime> {
  return await startLocalRuntime({ system, projectRoot: tinyProject, ...options })
}
