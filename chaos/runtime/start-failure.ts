import { InputError } from '#chaos/lib/errors.ts'

/** Exit status of a service that refuses its configuration, such as a seam file (EX_CONFIG). */
export const badConfiguration = 78
const linesMax = 8

/**
 * The error of an instance that ended before it was ready, with the end of its log. It is an
 * {@link InputError} when the instance refuses its configuration.
 */
export function startFailure(
  name: string,
  exit: { readonly code: number | null; readonly signal: string | null },
  log: readonly string[],
): Error {
  const output = messagesIn(log)
  if (exit.code === badConfiguration)
    return new InputError(`${name} cannot start with what it was given. ${output}`)
  const how = exit.code === null ? `was killed by ${exit.signal}` : `ended (status ${exit.code})`
  return new Error(`${name} ${how} before it was ready. ${output}`)
}

/** The lines for users, without JSON and stack frames; if there are none, the last lines of the log. */
function messagesIn(log: readonly string[]): string {
  if (log.every((line) => line === '')) return 'It left no log.'
  const messages = log.filter((line) => !/^\{|^\s+at |^Node\.js v|^\s*$/.test(line))
  return (messages.length > 0 ? messages : log).slice(-linesMax).join('\n')
}
