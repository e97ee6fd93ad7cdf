import path from 'node:path'

import type { HelperRequest } from './keeper/keeper-requests.ts'
import type { Keeper } from './keeper/start-keeper.ts'

/** Runs a helper and returns its output. Throws with the end of its output when it fails. */
export async function runChecked(keeper: Keeper, request: HelperRequest): Promise<string> {
  const result = await keeper.request('run', request)
  if (result.code === 0) return result.stdout
  const how =
    result.code === null
      ? `killed by ${result.signal}; its limit is ${request.timeoutMs / 1_000} s`
      : `exit status ${result.code}`
  const said = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-8).join('\n')
  throw new Error(`${path.basename(request.command)} failed (${how}): ${said}`)
}
