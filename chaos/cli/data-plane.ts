import type { Cli } from './cli.ts'
import { reachableUrls } from './sandbox/reachable-urls.ts'

/** The option that selects the data plane. */
export const urlArgument = {
  type: 'string',
  valueHint: 'url',
  description:
    "API of a data plane, for example http://127.0.0.1:8474. Default: the running sandbox's.",
} as const

/** The given URL, else that of the running sandbox's data plane. */
export async function dataPlaneUrl(cli: Cli, given: string | undefined): Promise<string> {
  return given ?? (await reachableUrls(cli)).proxy
}
