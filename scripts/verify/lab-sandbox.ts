import { join } from 'node:path'

import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { LaunchedSandbox } from '#chaos/cli/sandbox/launch.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

export const verifyHome = homeAt(join(projectRoot, '.unhappy', 'verify'))

/** Starts a sandbox that runs labs only. It ends with this process. */
export async function openLabSandbox(signal: AbortSignal): Promise<LaunchedSandbox> {
  return launchSandbox(
    { home: verifyHome, slot: undefined, clock: systemClock, signal },
    { ephemeral: true, detached: false, onProgress: () => undefined },
  )
}
