/**
 * When a line was written, as far as the line itself says so; undefined for a line of a stack trace or a stray print.
 * Services write JSON (pino), Postgres a timestamp in front, Redis its own order of day and month; all in UTC.
 */
export function timeOfLine(line: string): string | undefined {
  const pino = /^\{.*?"time":(?:(\d+)|"([^"]+)")/.exec(line)
  if (pino !== null) return toIso(pino[1] === undefined ? (pino[2] ?? '') : Number(pino[1]))
  const postgres = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) UTC /.exec(line)
  if (postgres !== null) return `${postgres[1]}T${postgres[2]}Z`
  const redis = /^\d+:[A-Z] (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d\.\d{3}) /.exec(line)
  if (redis !== null) return toIso(`${redis[1]} ${redis[2]} ${redis[3]} ${redis[4]} UTC`)
  return undefined
}

function toIso(time: string | number): string | undefined {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
