import { constants } from 'node:os'

/**
 * How a process ended, from the engine's exit code: 128 plus the number of a signal, as in a shell.
 */
export function exitOf(exitCode: number): { code: number | null; signal: string | null } {
  const number = exitCode - 128
  const found = Object.entries(constants.signals).find(([, value]) => value === number)
  return found === undefined ? { code: exitCode, signal: null } : { code: null, signal: found[0] }
}
