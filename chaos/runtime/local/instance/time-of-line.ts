/**
 * The time in a log line; undefined for a line without one, such as a stack frame. Services write
 * JSON (pino), Postgres starts with a timestamp, Redis with day and month in its own order; all in
 * UTC.
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
