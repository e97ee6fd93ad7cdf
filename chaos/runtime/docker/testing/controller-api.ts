import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile } from '#chaos/contracts/api.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import type { ComposeSandbox } from './compose-sandbox.ts'

/** A client of the controller in Docker, over its published port. It reads the sandbox file that the controller wrote on the host. */
export async function controllerApi(
  { folder, slot }: ComposeSandbox,
  signal: AbortSignal = new AbortController().signal,
): Promise<ApiClient> {
  const path = join(folder, '.unhappy', `compose-${200 + slot}`, 'sandboxes', `${slot}.json`)
  const file = JSON.parse(await readFile(path, 'utf8')) as SandboxFile
  return createApiClient(file, systemClock, signal)
}
