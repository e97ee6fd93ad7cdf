import type { Log } from '#services/lib/start/log.ts'

export interface KeptLog extends Log {
  /** `warn: work was still in progress`, in sequence. */
  readonly lines: readonly string[]
}

/** A log for tests: it writes nothing and keeps every entry for the test. */
export function keepLog(): KeptLog {
  const lines: string[] = []
  const at = (level: string) => (_facts: object, message: string) => {
    lines.push(`${level}: ${message}`)
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
