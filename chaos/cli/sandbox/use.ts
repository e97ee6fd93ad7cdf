import type { ApiClient } from '#chaos/api/client/api-client.ts'

import type { Cli } from '../cli.ts'
import { findSandbox } from './find.ts'
import { launchSandbox } from './launch.ts'

export interface UsedSandbox extends AsyncDisposable {
  readonly client: ApiClient
}

/** The sandbox for one command: the running one, else a new one that stops at the end. Prints the progress of a start. */
export async function useSandbox(cli: Cli): Promise<UsedSandbox> {
  const found = await findSandbox(cli)
  if (found !== undefined) return { client: found, [Symbol.asyncDispose]: async () => undefined }
  const onProgress = (text: string): void => cli.err.line(cli.err.colours.dim(`  ${text}`))
  onProgress('No sandbox is running. Starting one for this command ...')
  return launchSandbox(cli, { ephemeral: true, detached: false, onProgress })
}
