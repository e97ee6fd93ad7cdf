import type { EndedBeforeReady } from '#chaos/lib/ended-before-ready.ts'
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
): EndedBeforeReady {
  const lines = messagesIn(log)
  const output = lines.length === 0 ? 'It left no log.' : lines.join('\n')
  const how = exit.code === null ? `was killed by ${exit.signal}` : `ended (status ${exit.code})`
  const error =
    exit.code === badConfiguration
      ? new InputError(`${name} cannot start with what it was given. ${output}`)
      : new Error(`${name} ${how} before it was ready. ${output}`)
  return Object.assign(error, { lastLine: lines.at(-1)?.trim() ?? `It ${how}.` })
}

/** The lines for users, without JSON and stack frames; if there are none, the last lines of the log. */
function messagesIn(log: readonly string[]): readonly string[] {
  if (log.every((line) => line === '')) return []
  const messages = log.filter((line) => !/^\{|^\s+at |^Node\.js v|^\s*$/.test(line))
  return (messages.length > 0 ? messages : log).slice(-linesMax)
}
