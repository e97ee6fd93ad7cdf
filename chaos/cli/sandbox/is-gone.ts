import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { placeOf } from '#chaos/runtime/local/sandbox-files.ts'

import type { Cli } from '../cli.ts'
import type { KnownSandbox } from './find.ts'

const pollMs = 50

/**
 * Waits until the controller has ended. False: it still runs after `limitMs`. In another PID namespace its id means nothing,
 * so there the end of its file counts, which it removes shortly before.
 */
export async function isGoneWithin(
  { clock, signal }: Pick<Cli, 'clock' | 'signal'>,
  { file, folder }: Pick<KnownSandbox, 'file' | 'folder'>,
  limitMs: number,
): Promise<boolean> {
  const runs =
    placeOf(file) === 'here'
      ? () => isAlive(file.pid)
      : () => existsSync(join(folder, `${file.slot}.json`))
  const deadline = clock.now() + limitMs
  while (runs()) {
    if (clock.now() > deadline) return false
    await clock.sleep(pollMs, signal)
  }
  return true
}

/** Whether a process with that id exists, even one of another user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
