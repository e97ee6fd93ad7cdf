import { open, type FileHandle } from 'node:fs/promises'

import type { LogLine } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { timeOfLine } from './time-of-line.ts'

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

/**
 * The last lines of a log file; with `follow` also the new ones, until the signal aborts. A line
 * without a time gets the time of the line before it, or of its arrival.
 */
export async function* readLog(source: LogSource, options: LogOptions): AsyncGenerator<LogLine> {
  await using file = await openIfThere(source.file)
  if (file === undefined) return
  const { size } = await file.stat()
  const from = Math.max(0, size - tailBytesMax)
  const cut = new LineCutter()
  const lines = cut.push(await readRange(file, from, size)).slice(from === 0 ? 0 : 1)
  let last = firstTime(lines) ?? isoNow(source.clock)
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
  for (;;) {
    if (signal?.aborted === true) return
    const { size } = await file.stat()
    // The keeper empties a log that is too large.
    if (size < at) at = 0
    const lines = size > at ? cut.push(await readRange(file, at, size)) : []
    at = size
    for (const text of lines) yield { instance, at: timeOfLine(text) ?? isoNow(clock), text }
    try {
      await clock.sleep(followEveryMs, signal)
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
