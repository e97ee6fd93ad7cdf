import { open, type FileHandle } from 'node:fs/promises'

import type { LogLine } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

export interface LogSource {
  readonly instance: string
  readonly file: string
  readonly clock: Clock
}

export interface LogOptions {
  readonly tail: number
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

const tailBytesMax = 4 * 1024 * 1024
const followEveryMs = 100
/** A log without new lines is read less often after two seconds. */
const silent = { afterReads: 20, everyMs: 500 } as const

/**
 * The last lines of a log file; with `follow` also the new ones, until the signal aborts. A line
 * without a time gets the time of the line before it, or of its arrival. If no line has one, those that are there get the time of
 * the last of them.
 */
export async function* readLog(source: LogSource, options: LogOptions): AsyncGenerator<LogLine> {
  await using file = await openIfThere(source.file)
  if (file === undefined) return
  const { size, mtime } = await file.stat()
  const from = Math.max(0, size - tailBytesMax)
  const cut = new LineCutter()
  const lines = cut.push(await readRange(file, from, size)).slice(from === 0 ? 0 : 1)
  let last = firstTime(lines) ?? mtime.toISOString()
  const skip = Math.max(0, lines.length - options.tail)
  for (const [index, text] of lines.entries()) {
    last = timeOfLine(text) ?? last
    if (index >= skip) yield { instance: source.instance, at: last, text }
  }
  if (options.follow === true) yield* follow(source, file, size, cut, options.signal)
}

async function* follow(
  { instance, clock }: LogSource,
  file: FileHandle,
  from: number,
  cut: LineCutter,
  signal: AbortSignal | undefined,
): AsyncGenerator<LogLine> {
  let at = from
  let silentReads = 0
  for (;;) {
    if (signal?.aborted === true) return
    const { size } = await file.stat()
    // The keeper empties a log that is too large.
    if (size < at) at = 0
    const lines = size > at ? cut.push(await readRange(file, at, size)) : []
    silentReads = size === at ? silentReads + 1 : 0
    at = size
    for (const text of lines) yield { instance, at: timeOfLine(text) ?? isoNow(clock), text }
    try {
      const everyMs = silentReads > silent.afterReads ? silent.everyMs : followEveryMs
      await clock.sleep(everyMs, signal)
    } catch {
      return
    }
  }
}

/**
 * Splits bytes into lines. It keeps an incomplete line, or half a character, until the rest
 * arrives.
 */
class LineCutter {
  readonly #decoder = new TextDecoder()
  #rest = ''

  push(bytes: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (error) {
    // The instance has never been started.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function readRange(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(to - from)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
  return buffer.subarray(0, bytesRead)
}

function firstTime(lines: readonly string[]): string | undefined {
  return lines.map(timeOfLine).find((time) => time !== undefined)
}

function isoNow(clock: Clock): string {
  return new Date(clock.wallTimeMs()).toISOString()
}

/**
 * The time in a log line; undefined for a line without one, such as a stack frame. Services write JSON (pino), Postgres
 * starts with a timestamp, Redis with day and month in its own order; all in UTC.
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
