import type { Log } from '#services/lib/start/log.ts'

export interface KeptLog extends Log {
  /** `warn: work was still in progress`, in order. */
  readonly lines: readonly string[]
}

/** A log for tests: nothing is written, and what would have been can be read. */
export function keepLog(): KeptLog {
  const lines: string[] = []
  const at = (level: string) => (_facts: object, message: string) => {
    lines.push(`${level}: ${message}`)
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
