import type { ApiClient } from '#chaos/api/client/api-client.ts'

import type { Cli } from '../cli.ts'
import { findSandbox } from './find.ts'
import { launchSandbox } from './launch.ts'

export interface UsedSandbox extends AsyncDisposable {
  readonly client: ApiClient
}

/** A sandbox for one command: the running one, else one that is started now and taken down at the end. */
export async function useSandbox(
  cli: Cli,
  onProgress: (text: string) => void,
): Promise<UsedSandbox> {
  const found = await findSandbox(cli)
  if (found !== undefined) return { client: found, [Symbol.asyncDispose]: async () => undefined }
  onProgress('no sandbox is running: starting one for this check')
  return launchSandbox(cli, { ephemeral: true, detached: false, onProgress })
}
