import type { MachineRecord } from '#chaos/contracts/verdict.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { StartTimeout } from '#chaos/runtime/start-deadline.ts'

import { whyBusy } from '../machine/busy-machine.ts'
import { watchMachine } from '../machine/watch-machine.ts'
import type { Sandbox } from '../sandbox.ts'
import { prepare } from './prepare.ts'
import type { RunRequest } from './run-request.ts'

/** A preparation that took too long on a busy machine. Nothing is known about the code. */
export interface SlowPreparation {
  readonly why: string
  /** The machine during the preparation. */
  readonly machine: MachineRecord
}

/** Prepares the run. Returns undefined if it is prepared. Throws every error except that the machine was too slow. */
export async function prepareUnlessSlow(
  sandbox: Sandbox,
  request: RunRequest,
  work: typeof prepare = prepare,
  watch: typeof watchMachine = watchMachine,
): Promise<SlowPreparation | undefined> {
  await using recording = await watch(sandbox)
  try {
    await work(sandbox, request)
    return undefined
  } catch (error) {
    request.signal.throwIfAborted()
    if (!tookTooLong(error)) throw error
    const machine = await recording.soFar()
    const busy = whyBusy(machine)
    if (busy === undefined) throw error
    return { why: `The preparation took too long: ${messageOf(error)} ${busy}`, machine }
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
