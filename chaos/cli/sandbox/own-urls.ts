import type { Cli } from '../cli.ts'
import { requireSandbox } from './find.ts'

export interface OwnUrls {
  readonly proxy: string
  readonly postgres: string
  readonly redis: string
}

/** Where things are, seen from where this program runs: on the host, or in a container of the project. */
export async function ownUrls(cli: Cli): Promise<OwnUrls> {
  const client = await requireSandbox(cli)
  const { urls } = await client.sandbox()
  const isInside = cli.environment['UNHAPPY_RUNTIME'] === 'docker'
  return isInside && urls.inside !== undefined ? urls.inside : urls
}
