import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { requireSandbox } from './find.ts'

export interface ReachableUrls {
  readonly proxy: string
  readonly postgres?: string
  readonly redis?: string
}

/** Addresses that this process can reach: it runs on the host or in a container of the sandbox. */
export async function reachableUrls(cli: Cli): Promise<ReachableUrls> {
  const client = await requireSandbox(cli)
  const { urls } = await client.sandbox()
  const isInside = cli.environment['UNHAPPY_RUNTIME'] === 'docker'
  return isInside && urls.inside !== undefined ? urls.inside : urls
}

/** The address of a store. Throws {@link InputError} if the system of the sandbox does not have it. */
export async function reachableStore(cli: Cli, store: 'postgres' | 'redis'): Promise<string> {
  const url = (await reachableUrls(cli))[store]
  if (url !== undefined) return url
  throw new InputError(`The system of this sandbox has no ${store}.`)
}
