import { messageOf } from '#chaos/lib/errors.ts'
import { StartTimeout } from '#chaos/runtime/start-deadline.ts'

import { whyBusy } from '../machine/busy-machine.ts'
import { watchMachine } from '../machine/watch-machine.ts'
import type { Sandbox } from '../sandbox.ts'
import { prepare } from './prepare.ts'
import type { RunRequest } from './run-request.ts'

/**
 * Prepares the run. Returns why the preparation did not end, if that took too long on a busy machine: then nothing is known
 * about the code. Throws every other error.
 */
export async function prepareUnlessSlow(
  sandbox: Sandbox,
  request: RunRequest,
  work: typeof prepare = prepare,
  watch: typeof watchMachine = watchMachine,
): Promise<string | undefined> {
  await using machine = await watch(sandbox)
  try {
    await work(sandbox, request)
    return undefined
  } catch (error) {
    request.signal.throwIfAborted()
    const busy = tookTooLong(error) ? whyBusy(await machine.soFar()) : undefined
    if (busy === undefined) throw error
    return `The preparation took too long: ${messageOf(error)} ${busy}`
  }
}

/** Whether a limit on time caused the error. */
function tookTooLong(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // A program that is killed at its limit.
  const killed = 'killed' in error && error.killed === true
  return (
    killed ||
    error instanceof StartTimeout ||
    error.name === 'TimeoutError' ||
    tookTooLong(error.cause)
  )
}
