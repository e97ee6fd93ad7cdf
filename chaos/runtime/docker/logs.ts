import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'

import type { LogLine } from '../../contracts/runtime.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Project } from './project.ts'

export interface LogOptions {
  readonly tail: number
  readonly follow?: boolean
  readonly signal?: AbortSignal
}

const reopenAfterMs = 200
const lastLinesMax = 8

/** The last lines of an instance, and with `follow` all that come, over every restart, until the signal aborts. */
export async function* readLogs(
  project: Project,
  clock: Clock,
  name: string,
  { tail, follow = false, signal }: LogOptions,
): AsyncIterable<LogLine> {
  let last: string | undefined
  for (;;) {
    for await (const line of open(project, name, { tail, follow, since: last, signal })) {
      // The engine's `since` includes the moment itself.
      if (last !== undefined && line.at <= last) continue
      last = line.at
      yield line
    }
    if (!follow || signal?.aborted) return
    // The stream ends with the container; the next start goes on in the same log.
    await clock.sleep(reopenAfterMs, signal).catch(() => undefined)
  }
}

/** The end of an instance's log, for the message of an error. */
export async function lastLines(project: Project, name: string): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { text } of open(project, name, { tail: lastLinesMax, follow: false }))
    lines.push(text)
  return lines
}

async function* open(
  project: Project,
  name: string,
  options: {
    readonly tail: number
    readonly follow: boolean
    readonly since?: string | undefined
    readonly signal?: AbortSignal | undefined
  },
): AsyncIterable<LogLine> {
  const container = await project.container(name)
  const range = {
    stdout: true,
    stderr: true,
    timestamps: true,
    ...(options.since === undefined
      ? { tail: options.tail }
      : { since: Math.floor(Date.parse(options.since) / 1_000) }),
  }
  const merged = new PassThrough()
  if (options.follow) {
    const stream = await container.logs({ ...range, follow: true })
    project.docker.modem.demuxStream(stream, merged, merged)
    const end = (): void => {
      ;(stream as unknown as { destroy(): void }).destroy()
      merged.end()
    }
    stream.on('end', end)
    stream.on('error', end)
    options.signal?.addEventListener('abort', end, { once: true })
    if (options.signal?.aborted) end()
  } else {
    merged.end(demultiplex(await container.logs({ ...range, follow: false })))
  }
  for await (const line of createInterface({ input: merged })) yield parse(name, line)
}

/** `2026-01-01T00:00:00.000000000Z text` */
function parse(instance: string, line: string): LogLine {
  const space = line.indexOf(' ')
  return { instance, at: line.slice(0, space), text: line.slice(space + 1) }
}

/** Takes out the engine's frames: one byte stream number, three of nothing, four of length, then text. */
export function demultiplex(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 4)
    parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(parts)
}
