import { pino } from 'pino'
import type { LoggerOptions } from 'pino'

import { noTelemetry } from '../telemetry/telemetry.ts'
import type { LogSeverity, Telemetry } from '../telemetry/telemetry.ts'

export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** One JSON line per event on standard output. With telemetry, a line names its trace and is exported too. */
export function createLog(
  instance: string,
  level: string,
  telemetry: Telemetry = noTelemetry,
): Log {
  return pino({
    level,
    base: { instance },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    ...(telemetry.isOn ? exportTo(telemetry) : {}),
  })
}

function exportTo(telemetry: Telemetry): Pick<LoggerOptions, 'hooks' | 'mixin'> {
  return {
    mixin: () => telemetry.logFields(),
    hooks: {
      logMethod(given, method, level) {
        const [facts, message] = given as unknown as [object, string]
        telemetry.log((this.levels.labels[level] ?? 'info') as LogSeverity, message, facts)
        method.apply(this, given)
      },
    },
  }
}

/** pino would write every property of an error, and pg's errors contain their whole connection. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? { stack: error.stack } : { code }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
