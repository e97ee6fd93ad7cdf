import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'

import type { LogLine, Runtime } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { Project } from '../project.ts'
import { demultiplexed } from './demultiplexed.ts'

const reopenAfterMs = 200
const lastLinesMax = 8

/**
 * The last lines of an instance; with `follow` also the new ones, across restarts, until the signal
 * aborts.
 */
export async function* readLogs(
  project: Project,
  clock: Clock,
  name: string,
  { tail, follow = false, signal }: Parameters<Runtime['logs']>[1],
): AsyncIterable<LogLine> {
  let last: string | undefined
  for (;;) {
    for await (const line of open(project, name, { tail, follow, since: last, signal })) {
      // The engine's `since` includes that moment itself.
      if (last !== undefined && line.at <= last) continue
      last = line.at
      yield line
    }
    if (!follow || signal?.aborted) return
    // The stream ends with the container. The next start continues the same log.
    await clock.sleep(reopenAfterMs, signal).catch(() => undefined)
  }
}

/** The end of an instance's log, for an error message. */
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
  if (!options.follow) {
    const bytes = await container.logs({ ...range, follow: false })
    yield* parsed(name, demultiplexed([bytes]))
    return
  }
  const stream = (await container.logs({ ...range, follow: true })) as Readable
  const end = (): void => void stream.destroy()
  options.signal?.addEventListener('abort', end, { once: true })
  if (options.signal?.aborted) end()
  try {
    yield* parsed(name, demultiplexed(stream))
  } catch (error) {
    // The stream was destroyed because the signal aborted.
    if (!options.signal?.aborted) throw error
  } finally {
    options.signal?.removeEventListener('abort', end)
    end()
  }
}

async function* parsed(instance: string, texts: AsyncIterable<Buffer>): AsyncIterable<LogLine> {
  for await (const line of createInterface({ input: Readable.from(texts) }))
    yield parse(instance, line)
}

/** `2026-01-01T00:00:00.000000000Z text` */
function parse(instance: string, line: string): LogLine {
  const space = line.indexOf(' ')
  return { instance, at: line.slice(0, space), text: line.slice(space + 1) }
}
