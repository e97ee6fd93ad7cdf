import type { Runtime, SeamReport } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { SandboxParts } from '#chaos/engine/sandbox.ts'
import { projectRoot } from '#chaos/home/home.ts'

import type { ControllerConfig } from './config.ts'

export interface OpenedRuntime {
  readonly runtime: Runtime
  readonly slot: number
  /** Resolves when the runtime is down although the controller did not take it down. */
  readonly lost?: Promise<void>
  /** Restarts its instances. Absent: the default supervisor does. */
  readonly supervise?: SandboxParts['supervise']
}

/** Starts the system as processes, or connects to the one that Docker Compose has started. Throws {@link InputError}. */
export async function openRuntime(
  system: System,
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
    const { seamsPath } = system
    const runtime = await connectDockerRuntime({
      system,
      ...(seamsPath === undefined
        ? {}
        : { seamsOf: async (http) => await fetchSeams(`${http}${seamsPath}`) }),
    })
    return { runtime, slot: config.slot ?? 0 }
  }
  const { startLocalRuntime } = await import('#chaos/runtime/local/index.ts')
  const runtime = await startLocalRuntime({
    system,
    projectRoot,
    sandboxFilesFolder: config.home.sandboxes,
    signal: start.signal,
    linksSecret: start.linksSecret,
    progress: (text) => start.onProgress(text),
    ...(config.slot === undefined ? {} : { slot: config.slot }),
    ...(config.grading ? { codeFolder: config.home.work } : {}),
  })
  return { runtime, slot: runtime.slot, lost: runtime.lost }
}

const respondsWithinMs = 1_000

/** The seams that an instance reports; undefined when it does not respond. */
async function fetchSeams(url: string): Promise<readonly SeamReport[] | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(respondsWithinMs) })
    if (!response.ok) return undefined
    return ((await response.json()) as { readonly seams: readonly SeamReport[] }).seams
  } catch {
    return undefined
  }
}
