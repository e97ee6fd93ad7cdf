import type { Cli } from '../cli.ts'
import { requireSandbox } from './find.ts'

export interface ReachableUrls {
  readonly proxy: string
  readonly postgres: string
  readonly redis: string
}

/** Addresses that this process can reach: it runs on the host or in a container of the sandbox. */
export async function reachableUrls(cli: Cli): Promise<ReachableUrls> {
  const client = await requireSandbox(cli)
  const { urls } = await client.sandbox()
  const isInside = cli.environment['UNHAPPY_RUNTIME'] === 'docker'
  return isInside && urls.inside !== undefined ? urls.inside : urls
}
