import type { Runtime, SeamReport } from '#chaos/contracts/runtime.ts'
import { projectRoot } from '#chaos/home/home.ts'

import type { ControllerConfig } from './config.ts'

export interface OpenedRuntime {
  readonly runtime: Runtime
  readonly slot: number
  /** Resolves when the runtime is down although the controller did not take it down. */
  readonly lost?: Promise<void>
}

/** Starts the shop as processes, or connects to the one that Docker Compose has started. Throws {@link InputError}. */
export async function openRuntime(
  config: ControllerConfig,
  start: {
    readonly signal: AbortSignal
    /** For the data plane that the local runtime starts. */
    readonly linksSecret: string
    onProgress(text: string): void
  },
): Promise<OpenedRuntime> {
  if (config.runtime === 'docker') {
    const { connectDockerRuntime } = await import('#chaos/runtime/docker/index.ts')
    return { runtime: await connectDockerRuntime({ seamsOf: fetchSeams }), slot: config.slot ?? 0 }
  }
  const { startLocalRuntime } = await import('#chaos/runtime/local/index.ts')
  const runtime = await startLocalRuntime({
    projectRoot,
    sandboxFilesFolder: config.home.sandboxes,
    signal: start.signal,
    linksSecret: start.linksSecret,
    progress: (text) => start.onProgress(text),
    ...(config.slot === undefined ? {} : { slot: config.slot }),
  })
  return { runtime, slot: runtime.slot, lost: runtime.lost }
}

const respondsWithinMs = 1_000

/** The seams that a service reports at its `GET /seams`; undefined when it does not respond. */
async function fetchSeams(http: string): Promise<readonly SeamReport[] | undefined> {
  try {
    const response = await fetch(`${http}/seams`, { signal: AbortSignal.timeout(respondsWithinMs) })
    if (!response.ok) return undefined
    return ((await response.json()) as { readonly seams: readonly SeamReport[] }).seams
  } catch {
    return undefined
  }
}
