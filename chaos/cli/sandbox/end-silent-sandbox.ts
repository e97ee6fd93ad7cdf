import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { promisify } from 'node:util'

import { removeSandboxFile } from '#chaos/home/sandbox-file.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import type { KnownSandbox } from './find.ts'
import { isGoneWithin } from './is-gone.ts'

/** Part of the command line of every controller. */
const controllerMain = normalize('chaos/api/main.ts')
/** Time that a controller has to end in order after SIGTERM. */
const graceMs = 5_000
/** Time that the keeper has to end the shop after its controller, and the kernel to end the controller after SIGKILL. */
const cleanedUpWithinMs = 20_000
const pollMs = 50

/**
 * Ends a sandbox whose controller does not respond: SIGTERM, then SIGKILL. The keeper notices the end of the controller and
 * ends everything else. A process that is not a controller is left alone, because process ids are used again.
 */
export async function endSilentSandbox(
  cli: Cli,
  sandbox: Pick<KnownSandbox, 'file' | 'folder'>,
): Promise<void> {
  const { file, folder } = sandbox
  const { pid, slot } = file
  const say = (text: string): void => cli.err.line(`  ${text}`)
  if (!(await commandOf(pid)).includes(controllerMain)) {
    say(`Its controller (process ${pid}) no longer exists. Removing its file.`)
    return await removeSandboxFile(folder, file)
  }
  say(`It does not respond. Sending SIGTERM to its controller (process ${pid}).`)
  signalTo(pid, 'SIGTERM')
  // A frozen process receives SIGTERM only when it continues.
  signalTo(pid, 'SIGCONT')
  if (!(await isGoneWithin(cli, sandbox, graceMs))) {
    say(`It still runs after ${graceMs / 1_000} s. Sending SIGKILL. Its keeper ends the shop.`)
    signalTo(pid, 'SIGKILL')
    if (!(await isGoneWithin(cli, sandbox, cleanedUpWithinMs)))
      throw new InputError(`Process ${pid} of sandbox ${slot} still exists after SIGKILL.`, {
        remedy: `Find out what it waits for: ps -o stat -p ${pid}`,
      })
  }
  // The keeper removes the file last but one: then every process has ended.
  const path = join(folder, `${slot}.json`)
  const deadline = cli.clock.now() + cleanedUpWithinMs
  while (existsSync(path)) {
    if (cli.clock.now() > deadline) {
      await removeSandboxFile(folder, file)
      throw new InputError(`The keeper of sandbox ${slot} did not clean up.`, {
        remedy: 'Clean up what is left: unhappy down --all',
      })
    }
    await cli.clock.sleep(pollMs, cli.signal)
  }
}

/** The command line of a process; empty if there is no such process. */
async function commandOf(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux')
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', `${pid}`])
    return stdout
  } catch {
    return ''
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
