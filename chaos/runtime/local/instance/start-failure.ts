import { readFile } from 'node:fs/promises'

import { InputError } from '#chaos/lib/errors.ts'

/** Exit status by which a service says that what it was given is wrong (EX_CONFIG): a seam file, a setting. */
const badConfiguration = 78
const linesMax = 8

/** The error of an instance that ended before it was ready: with its last words. */
export async function startFailure(
  name: string,
  logFile: string,
  exit: { readonly code: number | null; readonly signal: string | null },
): Promise<Error> {
  const words = await lastWords(logFile)
  if (exit.code === badConfiguration)
    return new InputError(`${name} cannot start with what it was given. ${words}`)
  const how = exit.code === null ? `was killed by ${exit.signal}` : `ended (status ${exit.code})`
  return new Error(`${name} ${how} before it was ready. ${words}`)
}

/** What it printed for people; when that is nothing, the end of its log. */
async function lastWords(logFile: string): Promise<string> {
  try {
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n')
    const prose = lines.filter((line) => !/^\{|^\s+at |^Node\.js v|^\s*$/.test(line))
    return (prose.length > 0 ? prose : lines).slice(-linesMax).join('\n')
  } catch {
    return 'It left no log.'
  }
}
