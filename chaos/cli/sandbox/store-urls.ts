import type { SandboxView } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { requireSandbox } from './find.ts'

/** Where the stores are, seen from where this program runs: on the host or in a container of the project. */
export async function storeUrls(cli: Cli): Promise<{ postgres: string; redis: string }> {
  const client = await requireSandbox(cli)
  const { urls } = await client.get<SandboxView>('/api/sandbox')
  const isInside = cli.environment['UNHAPPY_RUNTIME'] === 'docker'
  return isInside && urls.inside !== undefined ? urls.inside : urls
}
