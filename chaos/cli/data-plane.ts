import type { Cli } from './cli.ts'
import { ownUrls } from './sandbox/own-urls.ts'

/** Which data plane a command speaks to. */
export const urlArgument = {
  type: 'string',
  valueHint: 'url',
  description: "A data plane's API, instead of the running sandbox's: http://127.0.0.1:8474",
} as const

export async function dataPlaneUrl(cli: Cli, given: string | undefined): Promise<string> {
  return given ?? (await ownUrls(cli)).proxy
}
