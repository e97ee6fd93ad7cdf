import type { Runtime } from '#chaos/contracts/runtime.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { askSeams } from '../runs/ask-seams.ts'
import type { ControllerConfig } from './config.ts'

export interface OpenedRuntime {
  readonly runtime: Runtime
  readonly slot: number
  /** Resolves when everything has gone down without being asked to. */
  readonly lost?: Promise<void>
}

/** Starts the shop as processes, or finds the one that Docker Compose has started. Throws {@link InputError}. */
export async function openRuntime(
  config: ControllerConfig,
  start: { readonly signal: AbortSignal; onProgress(text: string): void },
): Promise<OpenedRuntime> {
  if (config.runtime === 'docker') {
    const { connectDockerRuntime } = await import('#chaos/runtime/docker/index.ts')
    return { runtime: await connectDockerRuntime({ seamsOf: askSeams }), slot: config.slot ?? 0 }
  }
  const { startLocalRuntime } = await import('#chaos/runtime/local/index.ts')
  const runtime = await startLocalRuntime({
    projectRoot,
    sandboxFilesFolder: config.home.sandboxes,
    signal: start.signal,
    progress: (text) => start.onProgress(text),
    ...(config.slot === undefined ? {} : { slot: config.slot }),
  })
  return { runtime, slot: runtime.slot, lost: runtime.lost }
}
