import type { Cli } from '../cli.ts'

const pollMs = 50

/** Waits until no process has that id. False: one still has it after `limitMs`. */
export async function isGoneWithin(
  { clock, signal }: Pick<Cli, 'clock' | 'signal'>,
  pid: number,
  limitMs: number,
): Promise<boolean> {
  const deadline = clock.now() + limitMs
  while (isAlive(pid)) {
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
